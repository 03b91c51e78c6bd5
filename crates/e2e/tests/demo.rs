//! What the demo model can be asked for, with the real agent: each line becomes the step it says, in order.

use e2e::{PATIENCE, Server, Start};
use serde_json::{Value, json};

fn of<'a>(events: &'a [Value], kind: &str) -> Vec<&'a Value> {
    let wanted = events.iter().filter(|event| event["type"] == kind);
    wanted.map(|event| &event["data"]).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_are_steps_in_order() {
    let server = Server::start(Start::default()).await;
    let client = server.client();
    let prompt = "think: I begin with a plan.\nplan: +look; >change; tell\nsay: First a **file**.\n\
                  write: notes/a.txt=one\\ntwo\\nthree\\n\nedit: notes/a.txt=two=>zwei\nrun: cat notes/a.txt\n\
                  say: # Done\\n\\n- *all* of it";
    let body = json!({"agent": "opencode", "model": "demo/scripted", "prompt": prompt});
    let session = client.post("/v1/sessions", &body).await;
    assert_eq!(session["title"], "think: I begin with a plan.");
    let id = session["id"].as_str().unwrap();
    let first = session["running_prompt_id"].clone();
    let first = if first.is_null() {
        session["queue"][0].clone()
    } else {
        first
    };
    let events = client.end_of(id, &first, PATIENCE).await;
    assert_eq!(events.last().unwrap()["type"], "prompt.completed", "{events:#?}");

    let plan = of(&events, "plan.updated");
    let items: Vec<(&str, &str)> = plan[0]["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            (
                item["content"].as_str().unwrap(),
                item["status"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        items,
        [
            ("look", "completed"),
            ("change", "in_progress"),
            ("tell", "pending")
        ]
    );
    let calls = of(&events, "tool_call.completed");
    let tools: Vec<(&str, &str)> = calls
        .iter()
        .map(|call| (call["tool"].as_str().unwrap(), call["status"].as_str().unwrap()))
        .collect();
    assert_eq!(
        tools,
        ["todowrite", "write", "edit", "bash"].map(|tool| (tool, "completed")),
        "{calls:#?}"
    );
    let diff = calls[2]["diff"].as_str().unwrap();
    assert!(diff.contains("-two\n+zwei\n"), "{diff}");
    assert_eq!(calls[3]["output"], "one\nzwei\nthree\n");
    let texts: Vec<&str> = of(&events, "message.text")
        .iter()
        .map(|text| text["text"].as_str().unwrap().trim_end())
        .collect();
    assert_eq!(texts, ["First a **file**.", "# Done\n\n- *all* of it"]);
    assert_eq!(
        of(&events, "message.reasoning")[0]["text"],
        "I begin with a plan."
    );
    assert!(
        of(&events, "file.changed")
            .iter()
            .any(|file| file["path"] == "notes/a.txt")
    );

    // A question waits for a person; the list says so without waking anything.
    let asked = client
        .post(
            &format!("/v1/sessions/{id}/prompts"),
            &json!({"text": "ask: Which colour? Red | Blue\nslow: 5"}),
        )
        .await;
    let events = client
        .events_until(id, PATIENCE, |event| event["type"] == "question.asked")
        .await;
    let question = of(&events, "question.asked")[0].clone();
    assert_eq!(question["questions"][0]["question"], "Which colour?");
    assert_eq!(question["questions"][0]["options"][1]["label"], "Blue");
    let path = format!(
        "/v1/sessions/{id}/questions/{}",
        question["question_id"].as_str().unwrap()
    );
    let list = client
        .get_until("/v1/sessions?q=BEGIN%20with", |list| {
            list["items"][0]["pending"]["questions"] == 1
        })
        .await;
    assert_eq!(list["items"][0]["why"]["cause"], "waiting_for_answer");
    client.post(&path, &json!({"answers": [["Blue"]]})).await;
    let events = client.end_of(id, &asked["id"], PATIENCE).await;
    let question = of(&events, "tool_call.completed");
    assert!(
        question[0]["output"].as_str().unwrap().contains("Blue"),
        "{question:#?}"
    );
    assert_eq!(
        of(&events, "message.text")[0]["text"]
            .as_str()
            .unwrap()
            .trim_end(),
        "word1 word2 word3 word4 word5"
    );
}
