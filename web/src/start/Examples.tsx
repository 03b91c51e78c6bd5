/** Three concrete things to try first. The demo's are labelled as the demo's. */
import { Badge } from "~/ui/index.ts";

export interface Example {
  title: string;
  prompt: string;
  demo: boolean;
}

const EXAMPLES: readonly Example[] = [
  {
    title: "Run a command and see its output",
    prompt: "run: uname -a && ls -la",
    demo: true,
  },
  {
    title: "Write a file, then change it",
    prompt:
      "write: hello.txt=Hello from the sandbox\nedit: hello.txt=Hello=>Good morning\nrun: cat hello.txt",
    demo: true,
  },
  {
    title: "Find out why the tests fail, and fix it",
    prompt:
      "Run the test suite. If something fails, find the cause, fix it, and run the tests again. Keep the change small.",
    demo: false,
  },
];

export function Examples({ onPick }: { onPick: (example: Example) => void }) {
  return (
    <ul aria-label="Examples" className="-mt-2 flex flex-col gap-1">
      {EXAMPLES.map((example) => (
        <li key={example.title}>
          <button
            type="button"
            onClick={() => onPick(example)}
            className="flex w-full items-center gap-2 rounded-control border border-line px-3 py-2 text-left hover:bg-hover pointer-coarse:min-h-11"
          >
            <span className="min-w-0 flex-1">{example.title}</span>
            {example.demo ? <Badge>demo model</Badge> : <Badge>needs a model key</Badge>}
          </button>
        </li>
      ))}
    </ul>
  );
}
