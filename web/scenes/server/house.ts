/** Answers that are the same in most scenes: who one is, and which models and agents there are. */
import type {
  AgentInfo,
  ApiKeyInfo,
  Environment,
  Me,
  ModelList,
  ModelProviderInfo,
} from "@agent-coordinator/client";
import { id } from "./ids.ts";

export const ME: Me = {
  user: { id: id("usr", 1), email: "ada@acme.dev" },
  organisation: { id: id("org", 1), slug: "acme" },
  role: "owner",
  scopes: ["*"],
  csrf_token: "scene",
  has_password: true,
  organisations: [{ id: id("org", 1), slug: "acme", role: "owner" }],
};

const sonnet = {
  api: "anthropic" as const,
  available: true,
  context: 200_000,
  demo: false,
  max_output: 64_000,
  provider: "anthropic",
};

export const MODELS: ModelList = {
  items: [
    {
      ...sonnet,
      id: "anthropic/claude-sonnet-4-5",
      label: "Claude Sonnet 4.5",
      price: { input: 3_000_000, output: 15_000_000, cached: 300_000 },
    },
    {
      ...sonnet,
      id: "anthropic/claude-opus-4-5",
      label: "Claude Opus 4.5",
      price: { input: 5_000_000, output: 25_000_000, cached: 500_000 },
    },
    {
      api: "openai-responses",
      available: false,
      reason: "There is no key for openai.",
      context: 400_000,
      max_output: 128_000,
      demo: false,
      id: "openai/gpt-5.1",
      label: "GPT-5.1",
      provider: "openai",
    },
    {
      api: "openai-chat",
      available: true,
      context: 32_000,
      max_output: 8_000,
      demo: true,
      id: "demo/scripted",
      label: "Demo",
      provider: "demo",
    },
  ],
  providers: [
    { api: "anthropic", available: true, id: id("mpr", 1), models: "any", provider: "anthropic" },
    {
      api: "openai-responses",
      available: false,
      reason: "There is no key for openai.",
      models: "any",
      provider: "openai",
    },
    { api: "openai-chat", available: true, models: "listed", provider: "demo" },
  ],
};

export const NO_KEY_MODELS: ModelList = {
  items: MODELS.items.map((model) =>
    model.demo ? model : { ...model, available: false, reason: `There is no key for ${model.provider}.` },
  ),
  providers: MODELS.providers.map((provider) => {
    if (provider.provider === "demo") return provider;
    const { id: _, ...rest } = provider;
    return { ...rest, available: false, reason: `There is no key for ${provider.provider}.` };
  }),
};

export const AGENTS: AgentInfo[] = [
  { name: "opencode", available: true, version: "1.2.27" },
  { name: "claude-code", available: false, reason: "claude is not installed on this server." },
];

export const PROVIDERS: ModelProviderInfo[] = [
  {
    id: id("mpr", 1),
    provider: "anthropic",
    api: "anthropic",
    key_hint: "7Q4A",
    models: [],
    created_at: "2026-10-02T08:11:00.000Z",
    updated_at: "2026-10-02T08:11:00.000Z",
  },
];

export const KEYS: ApiKeyInfo[] = [
  {
    id: id("key", 1),
    name: "ci",
    hint: "ack_9f3k",
    scopes: ["sessions:read", "sessions:write"],
    user_id: id("usr", 1),
    created_at: "2026-10-11T10:00:00.000Z",
    last_used_at: "2026-11-24T07:12:00.000Z",
  },
];

export const ENVIRONMENTS: Environment[] = [
  {
    id: id("env", 1),
    name: "shop",
    repository: { url: "https://github.com/acme/shop" },
    setup: ["npm ci", "npm run build:packages"],
    created_at: "2026-10-12T10:00:00.000Z",
    updated_at: "2026-11-02T10:00:00.000Z",
  },
];
