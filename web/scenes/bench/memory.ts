/**
 * Memory over an hour of streaming: a hundred deltas a second are 360,000, in 360 turns. They are sent as fast as the
 * page takes them in, some thirty times as fast as they would come. What the session's text itself needs is let off:
 * a log that grows by megabytes can't be kept in none.
 */
import type { Browser, CDPSession } from "playwright-core";
import type { Stage } from "../scene.ts";
import { scene } from "../scene.ts";
import { serveScene } from "../server.ts";
import { Story } from "../stories/story.ts";
import { onPage } from "./browser.ts";
import type { Figure } from "./figure.ts";

const TURNS = 360;
const DELTAS = 1000;
/** Deltas in one go; then the page has a frame for itself. */
const BURST = 50;
const WORDS = ["The", "next", "`module`", "has", "**the**", "same", "shape", "as", "before,", "so"];
const SAMPLES = 8;

interface Reading {
  turn: number;
  heap: number;
  nodes: number;
}

export async function memory(browser: Browser): Promise<Figure[]> {
  const story = new Story(1, { title: "An hour of streaming" });
  const first = story.queued("Begin.");
  story.prepare().started(first).text("Begun.").completed();
  let played = 0;
  let resume: () => void = () => {};
  const what = scene({
    shows: "an hour of streaming",
    path: `/sessions/${story.id}`,
    sessions: [
      {
        id: story.id,
        events: story.events,
        live: async (stage) => {
          for (let turn = 0; turn < TURNS; turn += 1) {
            await plays(stage, turn);
            played = turn + 1;
            if (played % (TURNS / SAMPLES) === 0) {
              await new Promise<void>((go) => {
                resume = go;
              });
            }
          }
        },
      },
    ],
  });
  const server = await serveScene(what);
  try {
    const readings = await onPage(browser, async (page) => {
      const client = await page.context().newCDPSession(page);
      await page.goto(server.url + what.path);
      const found: Reading[] = [];
      for (let sample = 1; sample <= SAMPLES; sample += 1) {
        const turn = (TURNS / SAMPLES) * sample;
        await page.getByText(`End of turn ${turn - 1}.`).waitFor({ timeout: 600_000 });
        found.push({ turn, ...(await reading(client)) });
        process.stderr.write(`  ${turn} of ${TURNS} turns: ${(found.at(-1)?.heap ?? 0).toFixed(1)} MiB\n`);
        resume();
      }
      return found;
    });
    const early = readings[1];
    const late = readings.at(-1);
    if (!early || !late) throw new Error("the page was not read");
    const turns = late.turn - early.turn;
    const text = (turns * turnBytes()) / 1024 / 1024;
    const how = `${TURNS * DELTAS} deltas in ${TURNS} turns, accelerated; heap after a collection, from turn ${early.turn} on`;
    return [
      {
        name: "heap after an hour of streaming",
        value: late.heap,
        unit: "MiB",
        bare: early.heap,
        most: null,
        how,
      },
      {
        name: "heap kept for each byte of text streamed",
        value: (late.heap - early.heap) / text,
        unit: "bytes",
        bare: null,
        // Text is held once in UTF-16 or Latin-1, with its place in the view; anything beyond would be a leak.
        most: 4,
        how,
      },
      {
        name: "nodes of the page after it",
        value: late.nodes,
        unit: "",
        bare: early.nodes,
        most: early.nodes * 1.5 + 200,
        how,
      },
    ];
  } finally {
    await server.close();
  }
}

async function plays(stage: Stage, turn: number): Promise<void> {
  const prompt = `prm_${turn}`;
  const part = `prt_${turn}`;
  const author = { user_id: "usr_1", name: "ada@acme.dev" };
  stage.event("prompt.queued", { text: `Turn ${turn}.`, author, position: 0 }, prompt);
  stage.event("prompt.started", { model: "demo/scripted" }, prompt);
  let text = "";
  for (let at = 0; at < DELTAS; at += 1) {
    const piece = piecesOf(turn, at);
    stage.delta(prompt, {
      message_id: `msg_${turn}`,
      part_id: part,
      kind: "text",
      offset: text.length,
      text: piece,
    });
    text += piece;
    if (at % BURST === BURST - 1) await stage.wait(16);
  }
  text += `\n\nEnd of turn ${turn}.`;
  stage.event("message.text", { message_id: `msg_${turn}`, part_id: part, text }, prompt);
  const tokens = { input: 100, output: DELTAS, cached: 0, reasoning: 0 };
  stage.event("prompt.completed", { tokens, cost_micro_usd: 0, duration_ms: 10_000 }, prompt);
}

function piecesOf(turn: number, at: number): string {
  return at % 40 === 39 ? `\n\n${turn} ` : `${WORDS[at % WORDS.length]} `;
}

function turnBytes(): number {
  let bytes = 0;
  for (let at = 0; at < DELTAS; at += 1) bytes += piecesOf(100, at).length;
  return bytes;
}

async function reading(client: CDPSession): Promise<{ heap: number; nodes: number }> {
  // Twice: what the first frees may hold the last reference to something else.
  for (let round = 0; round < 2; round += 1) await client.send("HeapProfiler.collectGarbage");
  const { usedSize } = await client.send("Runtime.getHeapUsage");
  const { nodes } = await client.send("Memory.getDOMCounters");
  return { heap: usedSize / 1024 / 1024, nodes };
}
