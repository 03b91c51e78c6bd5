/** The detected plan as its event tells it. Names in it are those of a repository: every field is looked at. */

export interface DetectedPlan {
  packageManager: string | null;
  filesScanned: number;
  runtimes: string[];
  commands: { name: string; commands: string[] }[];
  evidence: { file: string; because: string }[];
}

type Data = Record<string, unknown>;

const NAMES: [string, string][] = [
  ["install", "Install"],
  ["test", "Test"],
  ["start", "Start"],
];

export function environment(raw: Data | null): DetectedPlan | null {
  if (raw === null) return null;
  return {
    packageManager: text(raw.package_manager),
    filesScanned: typeof raw.files_scanned === "number" ? raw.files_scanned : 0,
    runtimes: records(raw.runtimes).flatMap(({ name, version }) => {
      const known = text(name);
      return known === null ? [] : [[known, text(version)].filter(Boolean).join(" ")];
    }),
    commands: NAMES.flatMap(([key, name]) => {
      const commands = list(raw[key]).filter((each): each is string => typeof each === "string");
      return commands.length > 0 ? [{ name, commands }] : [];
    }),
    evidence: records(raw.evidence).flatMap(({ file, because }) => {
      const path = text(file);
      return path === null ? [] : [{ file: path, because: text(because) ?? "" }];
    }),
  };
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value.slice(0, 100) : [];
}

function records(value: unknown): Data[] {
  return list(value).filter((each): each is Data => typeof each === "object" && each !== null);
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
