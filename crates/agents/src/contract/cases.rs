//! The cases. Each starts with a prompt in the script language, so that any driver does the same.

use protocol::{
    EventBody,
    runner::{DeltaKind, PermissionReply, TurnOutcome},
    session::PermissionMode,
};

use super::bench::{Bench, Record, Stage};
use crate::processes;

/// Name of a case, as a ledger may note it.
pub type Case = &'static str;

/// Every case, in the order of [`run`].
pub const CASES: &[Case] = &[
    "starts and streams a turn",
    "runs a tool",
    "plans and edits",
    "asks a question",
    "interrupts a tool and leaves no child",
    "stops and leaves nothing",
    "remembers after a restart",
    "asks for permission",
];

/// Runs every case with two starts of the agent (starts are dear).
///
/// # Panics
/// When the driver breaks the contract.
pub async fn run(bench: &dyn Bench) {
    let mut stage = Stage::start(bench, PermissionMode::Allow, None).await;
    assert!(
        !stage.ready.resumed && !stage.ready.agent_session_id.is_empty() && !stage.ready.version.is_empty()
    );
    streams(&mut stage).await;
    runs_a_tool(&mut stage).await;
    plans_and_edits(&mut stage, bench).await;
    asks_a_question(&mut stage).await;
    interrupts(&mut stage).await;
    let id = stage.ready.agent_session_id.clone();
    let left = leaves_running(&mut stage).await;
    stage.stop().await;
    assert!(
        !left.iter().any(processes::alive),
        "what the agent started is gone after its stop"
    );

    let mut stage = Stage::start(bench, PermissionMode::Ask, Some(id.clone())).await;
    assert!(
        stage.ready.resumed && stage.ready.agent_session_id == id,
        "the conversation is found again"
    );
    let record = stage.turn("recall").await;
    assert_eq!(record.text().trim_end(), "Prompts before this one: 7");
    permission(&mut stage, PermissionReply::Once, None).await;
    permission(&mut stage, PermissionReply::Reject, Some("not that")).await;
    permission(&mut stage, PermissionReply::Reject, None).await;
    stage.stop().await;
}

fn completed(record: &Record) {
    assert!(
        matches!(record.outcome, Some(TurnOutcome::Completed { .. })),
        "completed, not {:?}",
        record.outcome
    );
}

async fn streams(stage: &mut Stage) {
    let record = stage
        .turn("think: let me see\nsay: Grüße from the agent, at length")
        .await;
    completed(&record);
    assert_eq!(record.kinds(), ["message.reasoning", "message.text"]);
    for event in &record.events {
        let (part, text) = match event {
            EventBody::MessageReasoning(part) => (&part.part_id, &part.text),
            EventBody::MessageText(part) => (&part.part_id, &part.text),
            other => panic!("unexpected {other:?}"),
        };
        assert_eq!(
            record.streamed(part).trim_end(),
            text.trim_end(),
            "the pieces add up to the committed text"
        );
    }
    assert_eq!(record.text().trim_end(), "Grüße from the agent, at length");
    assert!(record.deltas.len() > 3, "it streams");
    assert!(
        record
            .deltas
            .iter()
            .any(|(.., kind)| *kind == DeltaKind::Reasoning)
    );
}

async fn runs_a_tool(stage: &mut Stage) {
    let record = stage
        .turn("say: I run it.\nrun: printf 'one\\n'; sleep 0.6; echo two; exit 3")
        .await;
    completed(&record);
    let started = record.events.iter().find_map(|event| match event {
        EventBody::ToolCallStarted(started) => Some(started),
        _ => None,
    });
    let started = started.unwrap_or_else(|| panic!("no tool call in {:?}", record.kinds()));
    assert_eq!(started.tool, "bash");
    assert!(
        started.input["command"]
            .as_str()
            .is_some_and(|command| command.contains("echo two"))
    );
    let completed = record.events.iter().find_map(|event| match event {
        EventBody::ToolCallCompleted(completed) => Some(completed),
        _ => None,
    });
    let completed = completed.unwrap_or_else(|| panic!("the tool call never ends"));
    assert_eq!(completed.tool_call_id, started.tool_call_id);
    assert_eq!(completed.exit_code, Some(3));
    assert!(completed.output.contains("one\ntwo\n") && !completed.truncated);
    assert!(completed.duration_ms.is_some_and(|duration| duration >= 500));
    let live: String = record
        .events
        .iter()
        .filter_map(|event| match event {
            EventBody::ToolCallUpdated(update) => update.output_delta.clone(),
            _ => None,
        })
        .collect();
    assert!(
        live.starts_with("one\n"),
        "the output is seen while it runs: {live:?}"
    );
    assert!(record.text().contains("two"), "the answer quotes the output");
}

async fn plans_and_edits(stage: &mut Stage, bench: &dyn Bench) {
    let record = stage.turn("plan: look; act\nedit: made.txt=by the agent").await;
    completed(&record);
    let plan = record.events.iter().find_map(|event| match event {
        EventBody::PlanUpdated(plan) => Some(
            plan.items
                .iter()
                .map(|item| item.content.as_str())
                .collect::<Vec<_>>(),
        ),
        _ => None,
    });
    assert_eq!(plan, Some(vec!["look", "act"]));
    let changed = record
        .events
        .iter()
        .any(|event| matches!(event, EventBody::FileChanged(file) if file.path == "made.txt"));
    assert!(
        changed,
        "a changed file is told by its path in the workspace: {:?}",
        record.events
    );
    let path = bench
        .launch(PermissionMode::Allow, None)
        .workspace
        .join("made.txt");
    assert_eq!(
        std::fs::read_to_string(path).ok().as_deref(),
        Some("by the agent")
    );
}

async fn asks_a_question(stage: &mut Stage) {
    let prompt = stage.prompt("question: Which colour? | Red | Blue").await;
    let mut record = Record::default();
    stage
        .listen(prompt, &mut record, |event| {
            matches!(event, EventBody::QuestionAsked(_))
        })
        .await;
    let Some(EventBody::QuestionAsked(asked)) = record.events.last() else {
        panic!("no question")
    };
    assert_eq!(asked.questions[0].question, "Which colour?");
    assert_eq!(asked.questions[0].options.len(), 2);
    let id = asked.question_id.clone();
    assert!(
        stage
            .agent
            .answer_question("que_unknown", &[vec!["Blue".to_owned()]], false)
            .await
            .is_err()
    );
    let answered = stage
        .agent
        .answer_question(&id, &[vec!["Blue".to_owned()]], false)
        .await;
    assert!(answered.is_ok(), "{answered:?}");
    stage.listen(prompt, &mut record, |_| false).await;
    completed(&record);
    assert!(
        record.text().contains("Blue"),
        "the answer reaches the agent: {}",
        record.text()
    );
}

/// Output with a pid in it, while the command runs or, for one that is over soon, at its end.
fn printed_pid(event: &EventBody) -> Option<&str> {
    let output = match event {
        EventBody::ToolCallUpdated(update) => update.output_delta.as_deref(),
        EventBody::ToolCallCompleted(done) => Some(done.output.as_str()),
        _ => None,
    };
    output.filter(|output| output.contains("pid="))
}

/// Starts a command that writes its pid, and returns that process.
async fn long_command(
    stage: &mut Stage,
    prompt: &str,
) -> (protocol::PromptId, Record, Vec<processes::Process>) {
    let prompt = stage.prompt(prompt).await;
    let mut record = Record::default();
    stage
        .listen(prompt, &mut record, |event| printed_pid(event).is_some())
        .await;
    let Some(output) = record.events.last().and_then(printed_pid).map(str::to_owned) else {
        panic!(
            "the command never said its process: {:?} {:?}",
            record.kinds(),
            record.outcome
        )
    };
    let pids = output
        .split("pid=")
        .skip(1)
        .filter_map(|rest| rest.lines().next()?.trim().parse::<i32>().ok());
    let processes: Vec<_> = pids.filter_map(processes::find_alive).collect();
    assert!(!processes.is_empty(), "the command runs: {output}");
    (prompt, record, processes)
}

async fn interrupts(stage: &mut Stage) {
    let script = "run: setsid sleep 600 & echo pid=$!; sleep 0.1; echo pid=$$; sleep 600";
    let (prompt, mut record, running) = long_command(stage, script).await;
    assert!(stage.agent.interrupt().await.is_ok());
    stage.listen(prompt, &mut record, |_| false).await;
    assert_eq!(record.outcome, Some(TurnOutcome::Cancelled));
    assert!(
        !running.iter().any(processes::alive),
        "no process of the tool outlives the interrupt"
    );
    assert!(
        stage.agent.interrupt().await.is_ok(),
        "without a turn it does nothing"
    );
    // The end of the interrupted turn must not be taken for that of the next.
    let record = stage.turn("say: still here").await;
    completed(&record);
    assert_eq!(record.text().trim_end(), "still here");
}

/// Leaves a process behind that has cut its ties with the agent.
async fn leaves_running(stage: &mut Stage) -> Vec<processes::Process> {
    let script = "run: (setsid sleep 600 >/dev/null 2>&1 & echo pid=$!); sleep 0.5";
    let (prompt, mut record, running) = long_command(stage, script).await;
    stage.listen(prompt, &mut record, |_| false).await;
    completed(&record);
    assert!(
        running.iter().any(processes::alive),
        "what a turn leaves running goes on after it"
    );
    running
}

async fn permission(stage: &mut Stage, reply: PermissionReply, message: Option<&str>) {
    let prompt = stage.prompt("run: echo allowed").await;
    let mut record = Record::default();
    stage
        .listen(prompt, &mut record, |event| {
            matches!(event, EventBody::PermissionRequested(_))
        })
        .await;
    let Some(EventBody::PermissionRequested(asked)) = record.events.last() else {
        panic!("no permission was asked for: {:?}", record.kinds())
    };
    assert_eq!(asked.tool, "bash");
    assert!(asked.title.contains("echo allowed"));
    let id = asked.permission_id.clone();
    let answered = stage.agent.answer_permission(&id, reply, message).await;
    assert!(answered.is_ok(), "{answered:?}");
    stage.listen(prompt, &mut record, |_| false).await;
    completed(&record);
    let tool = record.events.iter().find_map(|event| match event {
        EventBody::ToolCallCompleted(tool) => Some(tool),
        _ => None,
    });
    let tool = tool.unwrap_or_else(|| panic!("the tool call never ends"));
    match (reply, message) {
        (PermissionReply::Reject, Some(message)) => {
            assert!(tool.status == "failed" && tool.output.contains(message));
            assert!(record.text().contains(message), "the agent hears why and goes on");
        }
        (PermissionReply::Reject, None) => {
            assert!(
                tool.status == "failed" && record.text().is_empty(),
                "without a reason the turn ends"
            );
        }
        _ => assert!(tool.status == "completed" && tool.output.contains("allowed")),
    }
}
