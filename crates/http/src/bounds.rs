//! How long, how large and of which form the fields of bodies are, as the description says it. The use cases are what
//! holds them; what is said here is what a client can check before it asks, and what the generated tests of
//! `cargo xtask schemathesis` hold the server to: it takes what fits and refuses what does not.
//!
//! Some limits are about bytes and are said here in characters, which are never more.

use serde_json::Value;
use utoipa::openapi::{
    OpenApi as Document, Ref, RefOr, Schema,
    schema::{AdditionalProperties, AnyOfBuilder, ArrayItems, ObjectBuilder, SchemaType, Type},
};

/// What fits.
#[derive(Debug, Clone, Copy)]
enum Bound {
    /// A text: least and most characters, and its form.
    Text(usize, usize, &'static str),
    /// A text of a well-known form.
    Known(&'static str, usize, usize),
    /// One of these words.
    Words(&'static [&'static str]),
    /// A number: least and most.
    Number(u64, u64),
    /// A list: most entries, and what each of them is.
    Each(usize, &'static Bound),
    /// Has to be there although the body could be read without.
    Needed(&'static Bound),
}

use Bound::{Each, Known, Needed, Number, Text, Words};

/// Something to be seen, and no control characters.
const LINE: &str = r"^[^\x00-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x1F\x7F-\x9F]*$";
/// Something to be seen.
const SEEN: &str = r"\S";
/// Something to be seen, and no NUL.
const COMMAND: &str = r"^[^\x00]*[^\s\x00][^\x00]*$";
/// Six characters between blanks, and no NUL.
const VALUE: &str = r"^[^\x00]*[^\s\x00][^\x00]{4,}[^\s\x00][^\x00]*$";
/// Visible ASCII.
const TOKEN: &str = "^[!-~]+$";
const URL: &str = r"^https?://[^\s\\\x00-\x1F\x7F-\x9F]+$";
const SLUG: &str = "^[a-z0-9][a-z0-9-]*$";
const PROVIDER: &str = "^[a-z0-9][a-z0-9._-]*$";
const MODEL: &str = r"^[a-z0-9][a-z0-9._-]{0,62}/\S{1,256}$";
const VARIABLE: &str = "^[A-Za-z_][A-Za-z0-9_]*$";
const TICKET: &str = "^(events|(session:)?ses_[0-9a-v]{25}[048cgkos])$";
/// An id in base32: 26 letters are two bits more than it has, so the last one is one of eight.
const ID: &str = "[0-9a-v]{26}$";
const WHOLE_ID: &str = "[0-9a-v]{25}[048cgkos]$";
/// What git takes for a ref is more than this says: `a..b` and the like are refused, too.
const REFERENCE: &str = r"^[^\s\x00-\x1F\x7F-\x9F~^:?*\[\\/.-][^\s\x00-\x1F\x7F-\x9F~^:?*\[\\]*$";
const FILE: &str = r"^[^/\\\x00-\x1F\x7F-\x9F]*[^\s/\\\x00-\x1F\x7F-\x9F][^/\\\x00-\x1F\x7F-\x9F]*$";
const MEDIA_TYPE: &str = "^[!-.0-~]+/[ -~]+$";
/// Padded, the bits that are left over zero.
const BASE64: &str = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$";

const NAME: Bound = Text(1, 100, LINE);
const TITLE: Bound = Text(1, 200, LINE);
const EMAIL: Bound = Known("email", 3, 254);
const PASSWORD: Bound = Text(12, 1024, "");
const KEY: Bound = Text(1, 4096, TOKEN);
const SETUP: Bound = Each(64, &Text(1, 8192, COMMAND));
const PROMPT: Bound = Text(1, 65_536, SEEN);
const ROLE: Bound = Words(&["owner", "admin", "member", "viewer"]);
const PROGRAMS_ROLE: Bound = Words(&["admin", "member", "viewer"]);
const SCOPES: Bound = Each(
    64,
    &Words(&[
        "sessions:read",
        "sessions:write",
        "runs:read",
        "audit:read",
        "admin",
    ]),
);
const ADDRESS: Bound = Text(8, 2048, URL);
const REF: Bound = Text(1, 255, REFERENCE);
const MODEL_REF: Bound = Text(3, 320, MODEL);
const TOKENS: Bound = Number(1, 1_000_000_000);
const PRICE: Bound = Number(0, 1_000_000_000_000);

const BOUNDS: &[(&str, &str, Bound)] = &[
    ("ApiKeyCreate", "name", NAME),
    ("ApiKeyCreate", "scopes", SCOPES),
    ("ApiKeyPatch", "name", NAME),
    ("ApiKeyPatch", "scopes", SCOPES),
    ("Attachment", "data", Text(0, 11_184_812, BASE64)),
    ("Attachment", "media_type", Text(3, 127, MEDIA_TYPE)),
    ("Attachment", "name", Text(1, 255, FILE)),
    ("EmailVerify", "password", PASSWORD),
    ("EnvironmentCreate", "name", NAME),
    ("EnvironmentCreate", "setup", SETUP),
    ("EnvironmentPatch", "name", NAME),
    ("EnvironmentPatch", "setup", SETUP),
    ("EnvironmentRepository", "ref", REF),
    ("EnvironmentRepository", "url", ADDRESS),
    ("InvitationCreate", "email", EMAIL),
    ("InvitationCreate", "role", ROLE),
    ("MemberPatch", "role", ROLE),
    ("ModelOfferInput", "context", TOKENS),
    (
        "ModelOfferInput",
        "id",
        Text(1, 256, r"^[^\s\x00-\x1F\x7F-\x9F]+$"),
    ),
    ("ModelOfferInput", "max_output", TOKENS),
    ("ModelPrice", "cached", PRICE),
    ("ModelPrice", "input", PRICE),
    ("ModelPrice", "output", PRICE),
    ("ModelProviderCreate", "api_key", KEY),
    ("ModelProviderCreate", "base_url", ADDRESS),
    ("ModelProviderCreate", "provider", Text(1, 63, PROVIDER)),
    ("ModelProviderPatch", "api_key", KEY),
    ("ModelProviderPatch", "base_url", ADDRESS),
    ("OrganisationCreate", "name", NAME),
    ("OrganisationCreate", "slug", Text(1, 63, SLUG)),
    ("OrganisationPatch", "name", NAME),
    ("PasswordReset", "email", EMAIL),
    ("PasswordResetConfirm", "password", PASSWORD),
    ("PasswordSet", "password", PASSWORD),
    ("PermissionAnswer", "message", Text(0, 8192, "")),
    ("PromptCreate", "model", MODEL_REF),
    ("PromptCreate", "text", PROMPT),
    ("RepositoryInput", "ref", REF),
    ("RepositoryInput", "token", KEY),
    ("RepositoryInput", "url", ADDRESS),
    ("SecretCreate", "name", Text(1, 256, VARIABLE)),
    ("SecretCreate", "value", Text(6, 16_384, VALUE)),
    ("SecretPatch", "value", Text(6, 16_384, VALUE)),
    ("ServiceAccountCreate", "name", NAME),
    ("ServiceAccountCreate", "role", PROGRAMS_ROLE),
    ("ServiceAccountPatch", "name", NAME),
    ("ServiceAccountPatch", "role", PROGRAMS_ROLE),
    ("SessionCreate", "model", MODEL_REF),
    ("SessionCreate", "prompt", PROMPT),
    ("SessionCreate", "setup", SETUP),
    ("SessionCreate", "title", TITLE),
    ("SessionPatch", "title", Needed(&TITLE)),
    ("SignUp", "email", EMAIL),
    ("SignUp", "password", PASSWORD),
    ("TicketCreate", "scope", Text(6, 38, TICKET)),
];

/// Bodies whose list of models takes a bare name for an entry.
const WITH_MODELS: [&str; 2] = ["ModelProviderCreate", "ModelProviderPatch"];

/// Writes all of it into the description.
///
/// # Errors
/// The first field that is not there, or is not what it is said to be.
pub(crate) fn tell(document: &mut Document) -> Result<(), String> {
    for (schema, field, bound) in BOUNDS {
        let done = match bound {
            Needed(bound) => need(document, schema, field)
                .and_then(|()| property(document, schema, field).and_then(|slot| narrow(slot, bound))),
            bound => property(document, schema, field).and_then(|slot| narrow(slot, bound)),
        };
        done.ok_or_else(|| format!("{schema}.{field}"))?;
    }
    for schema in document
        .components
        .iter_mut()
        .flat_map(|all| all.schemas.values_mut())
    {
        if let RefOr::T(Schema::Object(object)) = schema
            && let Some(form) = object.pattern.as_mut().filter(|form| form.ends_with(ID))
        {
            *form = format!("{}{WHOLE_ID}", form.trim_end_matches(ID));
        }
    }
    // A scope is one word or one id.
    if let Some(RefOr::T(Schema::OneOf(scope))) = document
        .components
        .as_mut()
        .and_then(|all| all.schemas.get_mut("SecretScope"))
    {
        for choice in &mut scope.items {
            if let RefOr::T(Schema::Object(object)) = choice
                && !object.properties.is_empty()
            {
                object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
            }
        }
    }
    // It is read by hand, and what it does not have is refused.
    if let Some(offer) = object_named(document, "ModelOfferInput") {
        offer.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
    }
    for schema in WITH_MODELS {
        let slot = property(document, schema, "models");
        slot.and_then(names_too)
            .ok_or_else(|| format!("{schema}.models"))?;
    }
    Ok(())
}

fn object_named<'a>(
    document: &'a mut Document,
    schema: &str,
) -> Option<&'a mut utoipa::openapi::schema::Object> {
    match document.components.as_mut()?.schemas.get_mut(schema)? {
        RefOr::T(Schema::Object(object)) => Some(object),
        _ => None,
    }
}

fn property<'a>(document: &'a mut Document, schema: &str, field: &str) -> Option<&'a mut RefOr<Schema>> {
    object_named(document, schema)?.properties.get_mut(field)
}

/// Of a field that could be left out: it may not, and is not null.
fn need(document: &mut Document, schema: &str, field: &str) -> Option<()> {
    let object = object_named(document, schema)?;
    object.required.push(field.to_owned());
    let RefOr::T(Schema::Object(slot)) = object.properties.get_mut(field)? else {
        return None;
    };
    slot.schema_type = without_null(&slot.schema_type);
    Some(())
}

/// A header or a field that cannot be null is not said to be.
pub(crate) fn without_null(kind: &SchemaType) -> SchemaType {
    match kind {
        SchemaType::Array(types) => {
            let left: Vec<Type> = types.iter().filter(|one| **one != Type::Null).cloned().collect();
            match <[Type; 1]>::try_from(left) {
                Ok([one]) => SchemaType::Type(one),
                Err(more) => SchemaType::Array(more),
            }
        }
        other => other.clone(),
    }
}

fn narrow(slot: &mut RefOr<Schema>, bound: &Bound) -> Option<()> {
    if let Each(most, each) = bound {
        let RefOr::T(Schema::Array(list)) = slot else {
            return None;
        };
        list.max_items = Some(*most);
        let ArrayItems::RefOrSchema(item) = &mut list.items else {
            return None;
        };
        return narrow(item, each);
    }
    in_place(slot);
    let RefOr::T(Schema::Object(object)) = slot else {
        return None;
    };
    match bound {
        Text(least, most, form) => {
            object.min_length = Some(*least).filter(|least| *least > 0);
            object.max_length = Some(*most);
            object.pattern = Some((*form).to_owned()).filter(|form| !form.is_empty());
        }
        Known(form, least, most) => {
            object.min_length = Some(*least);
            object.max_length = Some(*most);
            object.format = Some(utoipa::openapi::SchemaFormat::Custom((*form).to_owned()));
        }
        Words(words) => {
            let mut all: Vec<Value> = words.iter().map(|word| Value::from(*word)).collect();
            // Among the words, or else null would be none of them.
            if matches!(&object.schema_type, SchemaType::Array(types) if types.contains(&Type::Null)) {
                all.push(Value::Null);
            }
            object.enum_values = Some(all);
        }
        Number(least, most) => {
            object.minimum = usize::try_from(*least).ok().map(Into::into);
            object.maximum = usize::try_from(*most).ok().map(Into::into);
        }
        Each(..) | Needed(..) => return None,
    }
    Some(())
}

/// A reference to a text (a secret), or such a reference or null: the text itself, which can then be bounded.
fn in_place(slot: &mut RefOr<Schema>) {
    let (description, types) = match slot {
        RefOr::Ref(reference) => (reference.description.clone(), SchemaType::Type(Type::String)),
        RefOr::T(Schema::OneOf(choice)) => {
            let said = choice.items.iter().find_map(|item| match item {
                RefOr::Ref(reference) => Some(reference.description.clone()),
                RefOr::T(_) => None,
            });
            let types = SchemaType::Array(vec![Type::String, Type::Null]);
            (said.unwrap_or_default(), types)
        }
        RefOr::T(_) => return,
    };
    let description = Some(description).filter(|said| !said.is_empty());
    *slot = ObjectBuilder::new()
        .schema_type(types)
        .description(description)
        .into();
}

fn names_too(slot: &mut RefOr<Schema>) -> Option<()> {
    let RefOr::T(Schema::Array(list)) = slot else {
        return None;
    };
    list.max_items = Some(500);
    let mut name: RefOr<Schema> = ObjectBuilder::new().schema_type(Type::String).into();
    narrow(&mut name, &Text(1, 256, r"^[^\s\x00-\x1F\x7F-\x9F]+$"))?;
    let either = AnyOfBuilder::new()
        .item(Ref::from_schema_name("ModelOfferInput"))
        .item(name)
        .build();
    list.items = ArrayItems::RefOrSchema(Box::new(RefOr::T(Schema::AnyOf(either))));
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each once; that each is there and fits is said by the description itself, which is not made otherwise.
    #[test]
    fn every_field_is_bounded_once() {
        let mut names: Vec<(&str, &str)> = BOUNDS
            .iter()
            .map(|(schema, field, _)| (*schema, *field))
            .collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    #[test]
    fn what_is_not_there_is_named() {
        let empty = &mut Document::default();
        assert_eq!(tell(empty), Err("ApiKeyCreate.name".to_owned()));
    }

    #[test]
    fn null_goes_and_the_rest_stays() {
        let both = SchemaType::Array(vec![Type::Integer, Type::Null]);
        assert!(without_null(&both) == SchemaType::Type(Type::Integer));
        let one = SchemaType::Type(Type::String);
        assert!(without_null(&one) == one);
    }
}
