/** The agent asks something: options to choose from, or one's own words. */
import type { Question as Asking, QuestionEntry } from "@agent-coordinator/client";
import { MessageCircleQuestionMark } from "lucide-react";
import { useId, useState } from "react";
import { Button, cx, plain, plainLines, Time } from "~/ui/index.ts";
import { useSource } from "../source.ts";
import { Person } from "../transcript/person.tsx";
import { causeWords } from "./permission.tsx";

export function QuestionCard({ entry }: { entry: QuestionEntry }) {
  return entry.resolved ? <Answered entry={entry} /> : <Asked entry={entry} />;
}

interface Choice {
  labels: string[];
  own: string;
}

function Asked({ entry }: { entry: QuestionEntry }) {
  const { actions } = useSource();
  const [sent, setSent] = useState<"answer" | "reject" | null>(null);
  const [choices, setChoices] = useState<Choice[]>(() =>
    entry.questions.map(() => ({ labels: [], own: "" })),
  );
  const answers = choices.map(({ labels, own }) => (own.trim() === "" ? labels : [...labels, own.trim()]));
  const complete = answers.every((answer) => answer.length > 0);
  const send = async (how: "answer" | "reject"): Promise<void> => {
    if (sent !== null) return;
    setSent(how);
    const done =
      how === "answer"
        ? await actions.answer(entry.questionId, answers)
        : await actions.reject(entry.questionId);
    if (!done) setSent(null);
  };
  return (
    <form
      aria-label="Question"
      className="my-1.5 rounded-control border border-warn/50 bg-warn-soft px-3.5 py-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (complete) void send("answer");
      }}
    >
      <div className="flex items-start gap-2">
        <MessageCircleQuestionMark aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />
        <div className="flex min-w-0 flex-1 flex-col gap-4">
          {entry.questions.map((question, at) => (
            <One
              // biome-ignore lint/suspicious/noArrayIndexKey: questions keep their order
              key={at}
              question={question}
              choice={choices[at] ?? { labels: [], own: "" }}
              disabled={sent !== null}
              onChange={(choice) =>
                setChoices(choices.map((before, place) => (place === at ? choice : before)))
              }
            />
          ))}
        </div>
      </div>
      <div className="mt-3 flex flex-wrap gap-2 ps-6">
        <Button
          type="submit"
          variant="primary"
          busy={sent === "answer"}
          disabled={!complete || sent !== null}
        >
          Answer
        </Button>
        <Button
          variant="ghost"
          busy={sent === "reject"}
          disabled={sent !== null}
          onClick={() => void send("reject")}
        >
          Skip
        </Button>
      </div>
    </form>
  );
}

interface OneProps {
  question: Asking;
  choice: Choice;
  disabled: boolean;
  onChange: (choice: Choice) => void;
}

function One({ question, choice, disabled, onChange }: OneProps) {
  const id = useId();
  const pick = (label: string): void => {
    if (!question.multiple) {
      onChange({ labels: [label], own: "" });
      return;
    }
    const has = choice.labels.includes(label);
    onChange({
      ...choice,
      labels: has ? choice.labels.filter((one) => one !== label) : [...choice.labels, label],
    });
  };
  return (
    <fieldset disabled={disabled} className="min-w-0">
      <legend className="font-medium">
        {question.header !== "" && !question.question.startsWith(question.header) && (
          <span className="block text-small font-normal text-muted">{plain(question.header, 200)}</span>
        )}
        <bdi dir="auto" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
          {plainLines(question.question.slice(0, 4000))}
        </bdi>
      </legend>
      <div className="mt-2 flex flex-col gap-1">
        {question.options.slice(0, 50).map((option) => (
          <label
            key={option.label}
            className={cx(
              "flex min-h-8 cursor-pointer items-start gap-2 rounded-control border bg-bg px-2.5 py-1.5 max-md:min-h-10 max-md:items-center",
              choice.labels.includes(option.label) ? "border-accent" : "border-line hover:border-line-strong",
            )}
          >
            <input
              type={question.multiple ? "checkbox" : "radio"}
              name={id}
              checked={choice.labels.includes(option.label)}
              onChange={() => pick(option.label)}
              className="mt-0.5 size-4 shrink-0 accent-(--accent)"
            />
            <span className="min-w-0">
              <bdi className="block [overflow-wrap:anywhere]">{plain(option.label, 300)}</bdi>
              {option.description !== "" && option.description !== option.label && (
                <bdi className="block text-small text-muted [overflow-wrap:anywhere]">
                  {plain(option.description, 600)}
                </bdi>
              )}
            </span>
          </label>
        ))}
        <input
          aria-label={question.options.length > 0 ? "Own words" : "Answer"}
          placeholder={question.options.length > 0 ? "Or in your own words" : "Your answer"}
          value={choice.own}
          maxLength={4000}
          onChange={(event) =>
            onChange({
              labels: question.multiple || event.target.value === "" ? choice.labels : [],
              own: event.target.value,
            })
          }
          className="h-8 w-full rounded-control border border-line bg-bg px-2.5 placeholder:text-muted max-md:h-10 max-md:text-[16px]"
        />
      </div>
    </fieldset>
  );
}

function Answered({ entry }: { entry: QuestionEntry }) {
  return (
    <div className="flex items-start gap-1.5 py-1.5 text-base text-muted">
      <MessageCircleQuestionMark aria-hidden className="mt-[3px] size-3.5 shrink-0" />
      <div className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        {entry.questions.map((question, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: questions keep their order
          <p key={at}>
            <bdi dir="auto">{plain(question.question, 400)}</bdi>{" "}
            <bdi dir="auto" className="text-text">
              {(entry.answers?.[at] ?? []).map((answer) => plain(answer, 400)).join(", ")}
            </bdi>
          </p>
        ))}
        <p className="text-small">
          {entry.by !== null ? (
            <>
              {entry.rejected ? "Skipped by " : "Answered by "}
              <Person author={entry.by} />
            </>
          ) : (
            <>Not answered{entry.cause !== null && `: ${causeWords(entry.cause)}`}</>
          )}
        </p>
      </div>
      <Time at={entry.at} short className="shrink-0 text-small" />
    </div>
  );
}
