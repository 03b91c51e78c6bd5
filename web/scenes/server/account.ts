/** The fake answers about accounts: who may sign in how, letters that are promised, codes, devices, invitations. */
import type { BrowserInfo, IdentityInfo, InvitationPreview, SignInWays } from "@agent-coordinator/client";
import type { Scene } from "../scene.ts";
import { ME } from "./house.ts";
import { id } from "./ids.ts";

/** What is answered: a status and a body, or a problem. */
export type Answer =
  | { status: number; body?: unknown }
  | { status: number; slug: string; title: string; detail: string; retryAfter?: number };

export const CLOSED: SignInWays = { password: true, sign_up: "closed", providers: [] };

export const OPEN: SignInWays = {
  password: true,
  sign_up: "open",
  providers: [
    { id: "google", name: "Google", kind: "oidc" },
    { id: "github", name: "GitHub", kind: "github" },
  ],
};

export const BROWSERS: BrowserInfo[] = [
  {
    id: id("brw", 1),
    created_at: "2026-11-20T08:03:00.000Z",
    last_seen_at: "2026-11-24T09:00:00.000Z",
    device: "Firefox on Linux",
    address: "198.51.100.23",
    by_link: false,
    current: true,
  },
  {
    id: id("brw", 2),
    created_at: "2026-11-22T17:40:00.000Z",
    last_seen_at: "2026-11-23T21:15:00.000Z",
    device: "Safari on iPhone",
    address: "2001:db8:4f:9::17",
    by_link: false,
    current: false,
  },
  {
    id: id("brw", 3),
    created_at: "2026-11-02T10:12:00.000Z",
    last_seen_at: "2026-11-18T10:15:00.000Z",
    device: null,
    address: "203.0.113.80",
    by_link: true,
    current: false,
  },
];

export const IDENTITIES: IdentityInfo[] = [
  {
    id: "idn_1",
    provider: "github",
    name: "ada",
    email: "ada@acme.dev",
    linked_at: "2026-11-03T10:00:00.000Z",
    last_used_at: "2026-11-20T08:03:00.000Z",
  },
];

export const INVITATION: InvitationPreview = {
  organisation: "Acme Robotics",
  role: "member",
  expires_at: "2026-12-01T09:00:00.000Z",
};

const SECRET = "JBSWY3DPEHPK3PXPKRUGS43JONQXGZJA";
const CODES = ["3f7k-2m4q", "a9tz-77cd", "ppq2-x6vn", "k4ew-r3jb", "7hd2-qsy5"].flatMap((half, at) => [
  `${half}-mzt${at + 2}-w6ya`,
  `${half.slice(5)}-${half.slice(0, 4)}-vk5${at + 2}-dn4e`,
]);

const EXPIRED: Answer = {
  status: 410,
  slug: "link_expired",
  title: "The sign-in link does not work any more",
  detail: "This link was used before, is too old, or is not whole. Ask for another one.",
};

/** Null where it is not about accounts. The words that are sent decide: "used", "wrong", "often". */
export function accountAnswer(
  scene: Scene,
  method: string,
  path: string,
  body: Record<string, unknown>,
): Answer | null {
  const signedIn = { status: 200, body: { me: scene.me ?? ME, csrf_token: "scene" } };
  switch (`${method} ${path}`) {
    case "GET /auth/providers":
      return { status: 200, body: scene.ways ?? CLOSED };
    case "POST /auth/sign-in":
      return signIn(String(body.password), signedIn);
    case "POST /auth/sign-in/second-factor":
      return body.code === "000000" ? WRONG_CODE : signedIn;
    case "POST /auth/link":
    case "POST /auth/verify-email":
      return body.token === "used" ? EXPIRED : signedIn;
    case "POST /auth/sign-up":
    case "POST /auth/reset":
      return { status: 202, body: { message: "If the address is known, a message was sent." } };
    case "POST /auth/reset/confirm":
      return body.token === "used" ? EXPIRED : { status: 204 };
    case "GET /auth/sessions":
      return { status: 200, body: { items: scene.browsers ?? BROWSERS, next_cursor: null } };
    case "GET /auth/identities":
      return { status: 200, body: { items: IDENTITIES, next_cursor: null } };
    case "POST /auth/totp":
      return {
        status: 200,
        body: {
          secret: SECRET,
          uri: `otpauth://totp/agent-coordinator:ada@acme.dev?secret=${SECRET}&issuer=agent-coordinator&algorithm=SHA1&digits=6&period=30`,
        },
      };
    case "POST /auth/totp/confirm":
      return body.code === "000000" ? WRONG_CODE : { status: 200, body: { recovery_codes: CODES } };
    case "POST /invitations/preview":
      return body.token === "used" ? INVITATION_OVER : { status: 200, body: INVITATION };
    case "POST /invitations/accept":
      return OTHER_ADDRESS;
    default:
      return path.startsWith("/auth/") ? signedIn : null;
  }
}

function signIn(password: string, signedIn: Answer): Answer {
  if (password === "code") {
    return {
      status: 200,
      body: { second_factor: true, challenge: "chl", expires_at: "2099-01-01T00:00:00Z" },
    };
  }
  if (password === "often") {
    return {
      status: 429,
      slug: "rate_limited",
      title: "Too many requests",
      detail: "Too many sign-ins for this address have failed from where you are. Wait a few minutes.",
      retryAfter: 272,
    };
  }
  if (password.length >= 8) return signedIn;
  return {
    status: 401,
    slug: "sign_in_failed",
    title: "E-mail address and password do not fit together",
    detail: "Nobody can sign in with this e-mail address and password.",
  };
}

const WRONG_CODE: Answer = {
  status: 401,
  slug: "second_factor_failed",
  title: "The code of the second factor is not accepted",
  detail: "The code is wrong, was used, or came too late.",
};

const INVITATION_OVER: Answer = {
  status: 410,
  slug: "invitation_expired",
  title: "The invitation does not work any more",
  detail: "It was used, withdrawn, or is too old.",
};

const OTHER_ADDRESS: Answer = {
  status: 403,
  slug: "forbidden",
  title: "This credential may not do that",
  detail: "This invitation is for another e-mail address than the one you are signed in with.",
};
