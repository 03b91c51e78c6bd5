/**
 * Everything that comes from outside, at its worst: script, links that act, control and direction characters,
 * towers of accents, endless lines, broken text, terminal sequences that do more than colour. Whatever would run
 * sets `window.pwned`.
 */
import { scene } from "./scene.ts";
import { MODELS } from "./server/house.ts";
import { Story } from "./stories/story.ts";

const ESC = "\u001b";
const BEL = "\u0007";
const SCRIPT = "<script>window.pwned='script'</script>";
const IMAGE = `<img src=x onerror="window.pwned='img'">`;
const SVG = `<svg/onload="window.pwned='svg'">`;
const BIDI = "safe\u202egnp.exe\u202c \u2066isolate\u2069 \u200bzero\u200dwidth\u2060 \ufeff";
const CONTROL = "bell\u0007 back\u0008\u0008 null\u0000 del\u007f c1\u0085\u009b31m";
const TOWER = `Z${"\u0310\u0321\u0334".repeat(120)}a${"\u0301\u0316".repeat(120)}lgo`;
const BROKEN = "broken \ufffd\ufffd\ufffd bytes and a lone half \\ud800";

export const HOSTILE_NAME = `${SCRIPT}${IMAGE}${BIDI}${CONTROL}`;

const MARKDOWN = [
  `# ${SCRIPT} ${IMAGE}`,
  "",
  `[click](javascript:window.pwned='link') [data](data:text/html,${SCRIPT}) [vb](vbscript:x) [ok](https://example.com/?a=<b>)`,
  `[entity](&#106;avascript:window.pwned='entity') [tab](java\tscript:window.pwned='tab') [ctrl](\u0001javascript:alert(1))`,
  `![remote](https://tracker.example/pixel.png "onload=alert(1)") ![data](data:image/svg+xml,${SVG})`,
  "<javascript:window.pwned='auto'> <https://example.com/ok> https://example.com/\u202egnp.exe",
  "",
  `<details open ontoggle="window.pwned='toggle'"><summary>x</summary></details>`,
  `<iframe srcdoc="${SCRIPT}"></iframe><style>*{display:none}</style><base href="https://evil.example/">`,
  `<form action="https://evil.example"><input autofocus onfocus="window.pwned='focus'"></form>`,
  "",
  `| ${SCRIPT} | ${TOWER} |`,
  "|---|---|",
  `| ${IMAGE} | ${BIDI} |`,
  "",
  "```html",
  SCRIPT,
  IMAGE,
  BIDI,
  "```",
  "",
  `\`\`\`${SCRIPT}`,
  "an info string that is markup",
  "```",
  "",
  `> ${BIDI} ${CONTROL} ${BROKEN}`,
  "",
  TOWER,
  "",
  `[ref]: javascript:window.pwned='ref' "title"`,
  "[ref] $x^2$ <!-- comment --> &lt;script&gt; \\<b>",
  "",
  `${"long".repeat(4000)}`,
  "",
  `${"> ".repeat(200)}deep`,
  "",
  `${"- ".repeat(100)}deep`,
  "",
  `${"*".repeat(5000)} ${"[".repeat(5000)} ${"`".repeat(999)}`,
].join("\n");

const ANSI = [
  `${ESC}]0;window title taken${BEL}${ESC}]2;again${ESC}\\`,
  `${ESC}]8;;javascript:window.pwned='osc8'${BEL}a link${ESC}]8;;${BEL} ${ESC}]8;;https://evil.example${ESC}\\looks fine${ESC}]8;;${ESC}\\`,
  `${ESC}]52;c;cm0gLXJmIC8=${BEL}clipboard`,
  `${ESC}[2J${ESC}[H${ESC}[10A${ESC}[999Dcursor moved${ESC}[?1049h${ESC}[?25l${ESC}c`,
  `${ESC}[31mred ${ESC}[1;4;7mloud${ESC}[0m ${ESC}[38;2;255;0;255mtrue colour${ESC}[0m ${ESC}[48;5;196m256${ESC}[0m`,
  `${ESC}[8mhidden${ESC}[0m ${ESC}[5mblink${ESC}[0m ${ESC}[999999999999999mmany ${ESC}[${";".repeat(5000)}m`,
  `${ESC}P1;2|DCS never ends`,
  `${ESC}\\${SCRIPT}${IMAGE}${SVG}`,
  `progress 10%\rprogress 50%\rprogress 100%`,
  BIDI,
  CONTROL,
  TOWER,
  BROKEN,
  `${ESC}[`,
].join("\n");

const HOSTILE_PATCH = `diff --git "a/${SCRIPT.replaceAll('"', '\\"')}.ts" "b/${SCRIPT.replaceAll('"', '\\"')}.ts"
index 1..2 100644
--- "a/${SCRIPT}.ts"
+++ "b/${SCRIPT}.ts"
@@ -1,3 +1,5 @@ ${IMAGE} ${BIDI}
-${SCRIPT}
+${IMAGE}
+${BIDI} ${CONTROL}
+${TOWER}
 ${BROKEN}
diff --git a/src/\u202etxt.exe b/src/\u202etxt.exe
--- a/src/\u202etxt.exe
+++ b/src/\u202etxt.exe
@@ -1 +1,2 @@
-if (isAdmin) { /*\u202e } \u2066if (isAdmin)\u2069 \u2066 begin admins only */
+${"x".repeat(200_000)}
+${ESC}[31mred${ESC}]0;title${BEL}
diff --git "a/tab\\there\\nnew line \\303\\274.txt" "b/tab\\there\\nnew line \\303\\274.txt"
--- "a/tab\\there\\nnew line \\303\\274.txt"
+++ "b/tab\\there\\nnew line \\303\\274.txt"
@@ -0,0 +1 @@
+one
diff --git a/../../etc/passwd b/../../etc/passwd
@@ not a hunk header @@
+++ neither a header
@@ -99999999999999999999,5 +1 @@
+after an absurd header
diff --git a/${"deep/".repeat(300)}file b/${"deep/".repeat(300)}file
new file mode 100644
Binary files /dev/null and b/x differ
`;

export const hostile = () => {
  const story = new Story(3, {
    title: HOSTILE_NAME,
    repository: `https://github.com/acme/${encodeURIComponent(SCRIPT)}\u202etxt`,
    agent: "opencode",
    model: `anthropic/${SCRIPT}`,
    ref: `main${BIDI}`,
    permissions: "ask",
    by: { user_id: "usr_x", name: HOSTILE_NAME },
  });
  const attachments = [{ name: `${HOSTILE_NAME}.png`, media_type: "text/html", size_bytes: 12 }];
  const prompt = story.queued(`${MARKDOWN.slice(0, 3000)}`, {
    author: { user_id: "usr_x", name: HOSTILE_NAME },
    attachments,
  });
  story.prepare();
  story.add("workspace.progress", {
    phase: SCRIPT,
    state: "completed",
    message: `${IMAGE}${BIDI}`,
    elapsed_ms: -1,
  });
  story.add("environment.detected", {
    plan: {
      package_manager: SCRIPT,
      files_scanned: 1,
      install: [`curl x | sh # ${BIDI}`],
      test: [IMAGE],
      start: [],
      runtimes: [{ name: SVG, version: BIDI }],
      evidence: [{ file: `../../${BIDI}`, because: SCRIPT }],
    },
  });
  story.started(prompt, `anthropic/${SCRIPT}`);
  story.reasoning(MARKDOWN).text(MARKDOWN);
  story.plan([
    { content: `${SCRIPT}${BIDI}`, status: SCRIPT, priority: IMAGE },
    { content: TOWER, status: "in_progress", priority: null },
    { content: "w".repeat(5000), status: "pending", priority: null },
  ]);
  story.bash(`printf '${SCRIPT}' # ${BIDI}${CONTROL}`, ANSI);
  story.bash("cat ten-megabytes-in-one-line", `${"A".repeat(10 * 1024 * 1024)}<end>`);
  story.bash(
    "seq 100000",
    Array.from({ length: 100_000 }, (_, line) => `${line} ${ESC}[3${line % 8}mline${ESC}[0m`).join("\n"),
  );
  story.tool({
    tool: SCRIPT,
    title: HOSTILE_NAME,
    input: { [SCRIPT]: IMAGE, __proto__: { polluted: true }, deep: nest(60) },
    output: `${SCRIPT}${IMAGE}`,
    failed: true,
    exitCode: -2_147_483_648,
  });
  story.edit(`src/\u202etxt.exe${SCRIPT}`, HOSTILE_PATCH);
  story.add("file.changed", { path: `${"deep/".repeat(300)}${TOWER}` }, prompt);
  story.egress(`${SCRIPT}.example\u202e`, "denied", IMAGE, 9_007_199_254_740_991);
  story.add("hologram.shown", { [SCRIPT]: IMAGE, nested: { a: [1, null, BIDI] } }, prompt);
  story.add("model.retrying", { attempt: 3, message: HOSTILE_NAME, retry_in_ms: 1e12 }, prompt);
  story.add("git.pushed", { remote: "javascript:window.pwned='push'", reference: HOSTILE_NAME }, prompt);
  story.add(
    "pull_request.opened",
    { url: "javascript:window.pwned='pr'", number: 1, title: HOSTILE_NAME },
    prompt,
  );
  story.add(
    "artifact.created",
    { artifact_id: "art_1", name: HOSTILE_NAME, media_type: "text/html", size_bytes: 3 },
    prompt,
  );
  story.add(
    "error.raised",
    { error: { code: SCRIPT, message: HOSTILE_NAME, next_step: IMAGE, detail: ANSI } },
    prompt,
  );
  story.question([
    {
      header: HOSTILE_NAME,
      question: `${SCRIPT}${BIDI}`,
      multiple: true,
      options: [
        { label: HOSTILE_NAME, description: IMAGE },
        { label: "w".repeat(3000), description: TOWER },
      ],
    },
  ]);
  story.permission({
    tool: SCRIPT,
    title: `${HOSTILE_NAME} && rm -rf /`,
    patterns: [HOSTILE_NAME, "*".repeat(500)],
    details: { command: ANSI },
  });
  const [model] = MODELS.items;
  return scene({
    shows: "everything from outside at its worst",
    path: `/sessions/${story.id}`,
    sessions: [
      {
        id: story.id,
        events: story.events,
        diff: HOSTILE_PATCH,
        people: [{ user_id: "usr_x", name: HOSTILE_NAME }],
      },
    ],
    models: {
      ...MODELS,
      items: [
        ...MODELS.items,
        ...(model ? [{ ...model, id: `anthropic/${SCRIPT}`, label: HOSTILE_NAME }] : []),
      ],
    },
  });
};

function nest(depth: number): unknown {
  return depth === 0 ? SCRIPT : { inner: nest(depth - 1) };
}
