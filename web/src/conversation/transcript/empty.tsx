/** A session in which nothing was said yet: three things to try. */
import { Badge } from "~/ui/index.ts";
import { useDesk } from "../desk.ts";
import { useModelList, useView } from "../source.ts";

interface Example {
  title: string;
  text: string;
}

const REAL: Example[] = [
  "Explain how this repository is built, and where a newcomer should begin reading.",
  "Run the tests. If something fails, find out why and fix it.",
  "Look for the riskiest piece of code here and write the test that is missing for it.",
].map((text) => ({ title: text, text }));

/** In the words that the demo model acts on. */
const DEMO: Example[] = [
  { title: "Run a command and see its output", text: "run: uname -a && ls -la" },
  {
    title: "Write a file, change it, look at it",
    text: "write: hello.txt=Hello from the sandbox\nedit: hello.txt=Hello=>Good morning\nrun: cat hello.txt",
  },
  {
    title: "Be asked something",
    text: "think: Better to ask than to guess.\nask: Which name is better? Ada | Grace",
  },
];

export function Empty() {
  const desk = useDesk();
  const models = useModelList();
  const { model, archived } = useView(({ view }) => ({
    model: view.model,
    archived: view.status === "archived",
  }));
  if (archived) return null;
  const demo = models?.items.find((one) => one.id === model)?.demo === true;
  return (
    <section aria-label="Examples" className="pt-[12vh]">
      <h2 className="text-read font-medium">What should be done?</h2>
      <p className="mt-1 text-muted">Write below, or begin with one of these.</p>
      <ul className="mt-4 flex flex-col gap-2">
        {(demo ? DEMO : REAL).map(({ title, text }) => (
          <li key={text}>
            <button
              type="button"
              onClick={() => desk.wish({ kind: "edit", text })}
              className="flex min-h-10 w-full items-center justify-between gap-3 rounded-control border border-line px-3 py-2 text-start hover:border-line-strong hover:bg-surface"
            >
              <span>{title}</span>
              {demo && <Badge>demo model</Badge>}
            </button>
          </li>
        ))}
      </ul>
      {demo && (
        <p className="mt-3 text-small text-muted">
          This session uses the demo model: it answers from a script and needs no key.
        </p>
      )}
    </section>
  );
}
