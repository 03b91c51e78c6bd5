/** How the repository is set up: what was recognised in it, and by which signs. */
import { Plain } from "~/ui/index.ts";
import { environment } from "./plan.ts";
import { Fact, Rows, Section } from "./section.tsx";

export function Environment({ raw, setup }: { raw: Record<string, unknown> | null; setup: string[] }) {
  const plan = environment(raw);
  if (plan === null && setup.length === 0) return null;
  return (
    <Section title="Environment">
      <Rows>
        {setup.length > 0 && (
          <Fact name="Set-up">
            <Commands commands={setup} />
          </Fact>
        )}
        {plan?.packageManager && (
          <Fact name="Recognised">
            <Plain text={plan.packageManager} limit={100} />
          </Fact>
        )}
        {plan && plan.runtimes.length > 0 && (
          <Fact name="Runtimes">
            <Plain text={plan.runtimes.join(", ")} limit={500} />
          </Fact>
        )}
        {plan?.commands.map(({ name, commands }) => (
          <Fact key={name} name={name}>
            <Commands commands={commands} />
          </Fact>
        ))}
      </Rows>
      {plan && plan.packageManager === null && plan.commands.length === 0 && (
        <p className="text-muted">
          Nothing was recognised in {plan.filesScanned.toLocaleString("en-US")} files.
        </p>
      )}
      {plan && plan.evidence.length > 0 && (
        <ul aria-label="Evidence" className="mt-2 flex flex-col gap-0.5 border-t border-line pt-2 text-small">
          {plan.evidence.map(({ file, because }) => (
            <li key={`${file} ${because}`} className="flex flex-wrap gap-x-2">
              <code>
                <Plain text={file} limit={300} />
              </code>
              <span className="text-muted">
                <Plain text={because} limit={300} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Commands({ commands }: { commands: string[] }) {
  return (
    <span className="flex flex-col gap-0.5">
      {commands.map((command) => (
        <code key={command}>
          <Plain text={command} limit={1000} />
        </code>
      ))}
    </span>
  );
}
