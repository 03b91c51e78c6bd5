/**
 * What comes from outside at its worst, as lines for the demo model, files and names; and the look at a page that has
 * to stay harmless with it. Whatever would run sets `window.pwned`.
 */
import { type BrowserContext, expect, type Locator, type Page } from "@playwright/test";
import { AGENT_MS, composer, log, noSidewaysScroll } from "./app.ts";
import type { GivenFile } from "./files.ts";
import type { Person } from "./journey.ts";

export const SCRIPT = "<script>window.pwned='script'</script>";
export const IMAGE = `<img src=x onerror="window.pwned='img'">`;
const SVG = `<svg onload="window.pwned='svg'"></svg>`;
/** Turns the direction of what follows, and hides. */
export const BIDI = "safe\u202egnp.exe\u202c\u2066x\u2069\u200bz";
const TOWER = `Z${"\u0310\u0321\u0334".repeat(60)}algo`;

/** A title: the server takes no control characters in it, everything else it does. */
export const TITLE = `${SCRIPT}${IMAGE}${BIDI}${"w".repeat(60)}`;

const MARKDOWN = [
  `# ${SCRIPT} ${IMAGE}`,
  `[js](javascript:window.pwned='js') [data](data:text/html,${SCRIPT}) [entity](&#106;avascript:window.pwned='e')`,
  `[file](file:///etc/passwd) [who](https://github.com@evil.invalid/) [mail](mailto:a@example.org) [fine](https://example.org/a?b=<c>)`,
  `<javascript:window.pwned='auto'> <https://example.org/auto> ![pixel](https://tracker.invalid/pixel.png) ![d](data:image/svg+xml,${SVG})`,
  `<details open ontoggle="window.pwned='toggle'"><summary>x</summary></details>`,
  `<iframe srcdoc="${SCRIPT}"></iframe><style>*{display:none!important}</style><base href="https://evil.invalid/">`,
  `<form action="https://evil.invalid"><input autofocus onfocus="window.pwned='focus'"></form>`,
  `<meta http-equiv="refresh" content="0;url=https://evil.invalid"><link rel=stylesheet href=https://evil.invalid/a.css>`,
  `| ${SCRIPT} | ${TOWER} |\n|---|---|\n| ${IMAGE} | ${BIDI} |`,
  `\`\`\`html\n${SCRIPT}\n${IMAGE}\n${BIDI}\n\`\`\``,
  `\`\`\`${SCRIPT}\nan info string that is markup\n\`\`\``,
  `> ${BIDI} ${TOWER}`,
  "unbroken".repeat(400),
  `${"> ".repeat(120)}deep`,
  `${"*".repeat(1500)}${"[".repeat(1500)}${"`".repeat(333)}`,
  "The last words of the answer.",
].join("\n\n");

/** A prompt of which every part is shown somewhere: reasoning, plan, question, text. */
export const WORDS = [
  `${SCRIPT}${IMAGE}${BIDI}`,
  `think: ${SCRIPT} ${IMAGE} ${BIDI} [js](javascript:window.pwned='thought')`,
  `plan: +${SCRIPT}; >${IMAGE}${BIDI}; ${"w".repeat(300)}`,
  `say: ${MARKDOWN.replaceAll("\n", "\\n")}`,
].join("\n");

export const QUESTION = `ask: ${SCRIPT}${BIDI} ${IMAGE}? ${IMAGE} | ${BIDI} | [js](javascript:window.pwned='option')`;

/** As `printf` takes it. */
const SEQUENCES = [
  String.raw`\033]0;title taken\007\033]2;again\033\\`,
  String.raw`\033]8;;javascript:window.pwned=8\007a-link\033]8;;\007 \033]8;;https://evil.invalid\033\\looks-fine\033]8;;\033\\`,
  String.raw`\033]52;c;cm0gLXJmIC8=\007clipboard`,
  String.raw`\033[2J\033[H\033[10A\033[999Dmoved\033[?1049h\033[?25l\033c`,
  String.raw`\033[31mred \033[1;4;7mloud\033[0m \033[38;2;255;0;255mtrue\033[0m \033[8mhidden\033[0m`,
  String.raw`bell\007 back\b\b nul\000 del\177 c1\302\205\302\23331m`,
  String.raw`safe\342\200\256gnp.exe \342\201\246x\342\201\251 zero\342\200\213width`,
  String.raw`10 percent\r50 percent\r100 percent`,
  String.raw`broken \377\376\300 bytes`,
  "<script>window.pwned=1</script><img src=x onerror=window.pwned=2>",
  String.raw`\033P1;2|never ends \033]0;nor does this`,
  "after-the-endless-one",
].join(String.raw`\n`);

export const OUTPUT = `run: printf '${SEQUENCES}\\n'`;
/**
 * Of the ten megabytes the agent itself keeps nothing but the end; the lines after them come through. The agent drops
 * its output by whole reads: without the pauses a read can hold the end of one line and the next one, and go with both.
 */
export const LONG_LINE =
  "run: head -c 10000000 /dev/zero | tr '\\0' A; echo; sleep 2; head -c 20000 /dev/zero | tr '\\0' B; echo; echo after-the-long-line; sleep 2";
/**
 * The pause is for the agent: OpenCode takes a command for done when its process ends, whatever of its output it has
 * not read by then (anomalyco/opencode#30001), and what is not read is lost before we see it.
 */
export const MANY_LINES = "run: seq 100000; sleep 2";

/** How a character that turns the direction is shown. */
export const VISIBLE = "\\u{202e}";

/** Names of files: markup, direction, line breaks, the top of the tree, a very long one. */
export const NAMES = [
  `<img src=x onerror=window.pwned='name'>.txt`,
  `safe\u202egnp.exe`,
  `new\nline\ttab.txt`,
  `quote"'\`back\\slash;$(id).sh`,
  `-rf`,
  `${"long-".repeat(45)}.txt`,
  `\u05d0\u05d1\u05d2/\u0627\u0644.txt`,
] as const;

/** A branch, as far as git takes it. */
export const BRANCH = `fix/<img-src=x-onerror=window.pwned='ref'>\u202egnp`;

/** What a repository says of itself, and what is in it from the start. */
export const REPOSITORY: Record<string, string> = {
  "package.json": JSON.stringify({
    name: SCRIPT,
    engines: { node: `>=18 ${IMAGE}${BIDI}` },
    packageManager: "npm@10.0.0",
    scripts: { test: `echo ${SCRIPT}${BIDI}`, build: IMAGE, start: "x".repeat(3000) },
  }),
  "package-lock.json": '{"name":"x","version":"1.0.0","lockfileVersion":3,"packages":{}}',
  [NAMES[0]]: "first\n",
  [`${NAMES[1]}`]: "first\n",
  "README.md": MARKDOWN,
};

/** One command that writes all of it, and changes what was there. */
export function writesFiles(): string {
  const octal = (text: string): string =>
    [...Buffer.from(text)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
  const writes = NAMES.map((name) => {
    const path = `"./$(printf '${octal(name)}')"`;
    return `mkdir -p "$(dirname ${path})"; printf '${octal(`${SCRIPT}\n${IMAGE}\n${BIDI}\n\u001b[31mred\u001b]0;t\u0007`)}' > ${path}`;
  });
  return [
    `run: : "${SCRIPT} ${BIDI}" '${IMAGE}'`,
    ...writes,
    "head -c 10000000 /dev/zero | tr '\\0' A > one-line.txt",
    "seq 100000 > many-lines.txt",
    "head -c 5000 /dev/urandom > bytes.bin",
    "ln -s /etc/passwd link-out",
    "echo all-written",
  ].join("; ");
}

const file = (name: string, type: string, content: string): GivenFile => ({
  name,
  type,
  base64: Buffer.from(content).toString("base64"),
});

const DRAWING = `<svg xmlns="http://www.w3.org/2000/svg" onload="window.pwned='drawing'"><script>window.pwned='svg'</script></svg>`;
export const FILES: GivenFile[] = [
  file("drawing.svg", "image/svg+xml", DRAWING),
  file("page.html", "text/html", `<!doctype html><title>x</title>${SCRIPT}`),
  file("not-a-picture.png", "image/png", `<!doctype html>${SCRIPT}`),
  file(`"><img src=x onerror=window.pwned='att'>\u202egnp.txt`, "text/plain", "harmless"),
];

/** Sees what leaves the server's own address, what opens by itself, and what asks. */
export class Border {
  readonly #found: string[] = [];

  constructor(context: BrowserContext, origin: string) {
    context.on("request", (request) => {
      const url = new URL(request.url());
      if (url.origin !== origin && url.protocol !== "data:" && url.protocol !== "blob:")
        this.#found.push(`a request to ${request.url().slice(0, 200)}`);
    });
    context.on("dialog", (dialog) => {
      this.#found.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
  }

  get crossed(): string[] {
    return this.#found;
  }
}

/** Nothing ran, nothing is there that could, every link is one that may be followed, nothing is too wide. */
export async function harmless(page: Page): Promise<void> {
  const wrong = await page.evaluate(() => {
    const out: string[] = [];
    if ("pwned" in window) out.push(`something ran: ${String(window.pwned)}`);
    const active =
      "iframe, object, embed, base, meta[http-equiv], audio, video, #root script, #root link, #root style";
    for (const each of document.querySelectorAll(active)) out.push(each.outerHTML.slice(0, 120));
    for (const each of document.querySelectorAll("#root *")) {
      for (const { name } of each.attributes) if (name.startsWith("on")) out.push(`an attribute ${name}`);
    }
    for (const link of document.querySelectorAll<HTMLAnchorElement>("a[href]")) {
      const own = link.origin === location.origin;
      if (!own && !["http:", "https:", "mailto:"].includes(link.protocol)) out.push(`a link to ${link.href}`);
      const rel = link.rel.split(" ");
      const alone = ["noopener", "noreferrer", "nofollow"].every((word) => rel.includes(word));
      if (!own && (!alone || link.target !== "_blank")) out.push(`a link that says too much: ${link.href}`);
    }
    for (const image of document.querySelectorAll("img")) {
      const url = new URL(image.src);
      if (url.origin !== location.origin && url.protocol !== "blob:") out.push(`a picture from ${image.src}`);
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    const odd = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2066-\u2069]/;
    if (odd.test(document.title)) out.push(`the page's title is ${JSON.stringify(document.title)}`);
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
      const found = odd.exec(node.nodeValue ?? "");
      if (found && !node.parentElement?.closest("textarea, script"))
        out.push(`raw U+${found[0].charCodeAt(0).toString(16)} in ${node.nodeValue?.slice(0, 80)}`);
    }
    return out.slice(0, 10);
  });
  expect(wrong, "harmless").toEqual([]);
  await noSidewaysScroll(page);
}

/** A key that is pressed is seen soon, whatever else is on the page. */
export async function answersKeys(page: Page): Promise<void> {
  await composer(page).focus();
  await page.keyboard.press("k");
  await expect(composer(page)).toHaveValue("k", { timeout: 5_000 });
  await page.keyboard.press("Backspace");
  await expect(composer(page)).toHaveValue("", { timeout: 5_000 });
}

/** The same session on a phone, in the dark. */
export async function onPhone(page: Page): Promise<Page> {
  const phone = await page.context().newPage();
  await phone.emulateMedia({ colorScheme: "dark" });
  await phone.setViewportSize({ width: 390, height: 844 });
  await phone.goto(page.url());
  await expect(composer(phone)).toBeVisible();
  return phone;
}

/** Scrolls the conversation as a hand would, until something is in sight. Only what is near is on the page. */
export async function reach(page: Page, target: Locator, step: number): Promise<void> {
  await log(page).hover();
  const frame = await log(page).boundingBox();
  await expect(async () => {
    const there = (await target.count()) > 0 ? await target.boundingBox() : null;
    await page.mouse.wheel(0, there && frame ? there.y - frame.y - frame.height / 3 : step);
    await expect(target).toBeInViewport({ timeout: 500 });
  }).toPass({ timeout: 60_000 });
}

export async function toStart(page: Page): Promise<void> {
  await reach(page, log(page).getByRole("article", { name: "Prompt" }).first().getByRole("time"), -100_000);
}

/** Until so many prompts have ended well. The page shows the ends that are near, not all. */
export async function ended({ api }: Person, session: string, prompts: number): Promise<void> {
  const states = async () => (await api.sessions.open(session).prompts()).items.map(({ status }) => status);
  await expect
    .poll(states, { timeout: AGENT_MS })
    .toEqual(Array.from({ length: prompts }, () => "completed"));
}
