//! Sealing: opens for exactly its binding, shows nothing of the secret, notices damage; and after the organisation's key
//! was destroyed nothing opens.

use std::sync::Arc;

use domain::sealed::{Binding, Sealed};
use ports::{MasterKey, master_key::KeyError};
use secrecy::{ExposeSecret, SecretString};

use crate::sample::org_id;

/// Runs the suite.
pub async fn run(adapter: &str, make: impl Fn() -> Arc<dyn MasterKey>) {
    super::cases!(
        "master_key",
        adapter,
        make,
        [
            what_is_sealed_opens,
            another_binding_does_not_open,
            damage_does_not_open,
            nothing_shows_the_secret,
            the_same_secret_is_never_sealed_the_same,
            what_was_shredded_opens_never_again,
            nothing_is_left_to_rewrap,
        ]
    );
}

/// Runs the suite on the fake, and on the fault decorator while it injects nothing.
pub async fn on_fake() {
    run("fake", || Arc::new(crate::fake::master_key::Fake::default())).await;
    let quiet =
        || crate::fault::master_key::Faulty::around(Arc::new(crate::fake::master_key::Fake::default()));
    run("fake behind faults", || quiet()).await;
}

const SECRET: &str = "sk-very-secret-0123456789";

fn binding() -> Binding {
    Binding {
        org: org_id(1),
        row: "mpr_1".into(),
        purpose: "model_key",
    }
}

async fn what_is_sealed_opens(key: Arc<dyn MasterKey>) {
    for secret in ["", "x", SECRET, "ключ \u{1f511}\0", &"long ".repeat(20_000)] {
        let sealed = key.seal(&binding(), &SecretString::from(secret)).await.unwrap();
        let json = serde_json::to_string(&sealed).unwrap();
        let stored: Sealed = serde_json::from_str(&json).unwrap();
        assert_eq!(
            key.open(&binding(), &stored).await.unwrap().expose_secret(),
            secret
        );
    }
}

async fn another_binding_does_not_open(key: Arc<dyn MasterKey>) {
    let sealed = key.seal(&binding(), &SecretString::from(SECRET)).await.unwrap();
    let others = [
        Binding {
            org: org_id(2),
            ..binding()
        },
        Binding {
            row: "mpr_2".into(),
            ..binding()
        },
        Binding {
            purpose: "git_token",
            ..binding()
        },
        // The parts must not run into each other.
        Binding {
            row: "mpr_1model".into(),
            purpose: "_key",
            ..binding()
        },
    ];
    for other in others {
        assert!(
            matches!(key.open(&other, &sealed).await, Err(KeyError::DoesNotOpen)),
            "{other:?}"
        );
    }
}

async fn damage_does_not_open(key: Arc<dyn MasterKey>) {
    let sealed = key.seal(&binding(), &SecretString::from(SECRET)).await.unwrap();
    let mut damaged = Vec::new();
    for index in [0, sealed.data.len() / 2, sealed.data.len() - 3] {
        let mut data = sealed.data.clone().into_bytes();
        data[index] = if data[index] == b'0' { b'1' } else { b'0' };
        damaged.push(Sealed {
            data: String::from_utf8(data).unwrap(),
            ..sealed.clone()
        });
    }
    damaged.push(Sealed {
        data: String::new(),
        ..sealed.clone()
    });
    damaged.push(Sealed {
        data: sealed.data[..8].to_owned(),
        ..sealed.clone()
    });
    damaged.push(Sealed {
        data: "\u{1f511}".repeat(40),
        ..sealed.clone()
    });
    damaged.push(Sealed {
        key_id: "00000000".into(),
        ..sealed.clone()
    });
    for version in [0, 1, 3] {
        damaged.push(Sealed {
            version,
            ..sealed.clone()
        });
    }
    for sealed in damaged {
        let result = key.open(&binding(), &sealed).await;
        assert!(matches!(result, Err(KeyError::DoesNotOpen)), "{sealed:?}");
    }
}

async fn nothing_shows_the_secret(key: Arc<dyn MasterKey>) {
    let sealed = key.seal(&binding(), &SecretString::from(SECRET)).await.unwrap();
    assert!(!format!("{sealed:?}").contains(SECRET));
    let opened = key.open(&binding(), &sealed).await.unwrap();
    assert!(!format!("{opened:?}").contains(SECRET));
    let error = key
        .open(
            &Binding {
                org: org_id(2),
                ..binding()
            },
            &sealed,
        )
        .await
        .unwrap_err();
    assert!(!format!("{error} {error:?}").contains(SECRET));
}

async fn the_same_secret_is_never_sealed_the_same(key: Arc<dyn MasterKey>) {
    let one = key.seal(&binding(), &SecretString::from(SECRET)).await.unwrap();
    let other = key.seal(&binding(), &SecretString::from(SECRET)).await.unwrap();
    assert_ne!(one.data, other.data);
}

async fn what_was_shredded_opens_never_again(key: Arc<dyn MasterKey>) {
    let secret = SecretString::from(SECRET);
    let other = Binding {
        org: org_id(2),
        ..binding()
    };
    let sealed = key.seal(&binding(), &secret).await.unwrap();
    let of_other = key.seal(&other, &secret).await.unwrap();
    for _ in 0..2 {
        key.shred(org_id(1)).await.unwrap();
        let opened = key.open(&binding(), &sealed).await;
        assert!(matches!(opened, Err(KeyError::DoesNotOpen)));
        let again = key.seal(&binding(), &secret).await;
        assert!(matches!(again, Err(KeyError::Shredded)));
    }
    assert_eq!(key.open(&other, &of_other).await.unwrap().expose_secret(), SECRET);
    // One that never had a key gets none either.
    key.shred(org_id(3)).await.unwrap();
    let never = Binding {
        org: org_id(3),
        ..binding()
    };
    assert!(matches!(key.seal(&never, &secret).await, Err(KeyError::Shredded)));
}

async fn nothing_is_left_to_rewrap(key: Arc<dyn MasterKey>) {
    key.seal(&binding(), &SecretString::from(SECRET)).await.unwrap();
    let standing = key.standing().await.unwrap();
    assert_eq!((standing.key_id, standing.data_keys_on_older), (key.key_id(), 0));
    assert_eq!(key.rewrap(10).await.unwrap(), 0);
}
