//! The decorators themselves: every fault of every catalogue strikes where it says, once, and then is over. What
//! the rooms make of a fault is tested in the rooms.

use std::{future::Future, sync::Arc, time::Duration};

use domain::sign_in::PasswordHash;
use futures::{StreamExt, TryStreamExt, stream};
use ports::{
    ArtifactStore, Catalog, Clock, Entropy, IdentityStore, LoginProvider, Mailer, MasterKey, ModelGateway,
    PasswordHasher, RunHistory, SandboxProvider, SessionLog, StoreError, TenantStore,
    artifacts::PutError,
    catalog::{OwedRuns, Reserved},
    idempotency::Written,
    identity::{Acceptance, Accounts as _, Identities as _, Keys as _, NewPlace, Organisations as _},
    logins::LoginError,
    mailer::MailError,
    model_gateway::{ModelCall, ModelError, ModelRequest, Upstream},
    passwords::HasherError,
    sandbox::{RestoreSpec, SandboxError, SandboxState, SessionFiles},
    session_log::Commit,
};
use protocol::agent::Dialect;
use secrecy::SecretString;
use testkit::{
    contract::{
        artifacts::{key as artifact_key, pattern, source},
        logins::{answer, start},
        mailer::{letters, message},
        sandboxes::{listing, spec},
    },
    fake::Answer,
    fault,
    registry::{Fakes, Faults},
    sample,
};

fn setup() -> (Fakes, Faults) {
    let fakes = Fakes::default();
    let faults = Faults::around(fakes.ports());
    (fakes, faults)
}

/// No answer, however long one waits (the clock of these tests is paused).
async fn hangs<T>(future: impl Future<Output = T>) -> bool {
    tokio::time::timeout(Duration::from_secs(3600), future)
        .await
        .is_err()
}

fn is_unavailable<T>(result: Result<T, StoreError>) -> bool {
    matches!(result, Err(StoreError::Unavailable(_)))
}

#[tokio::test]
async fn session_log() {
    for fault in fault::session_log::CATALOGUE {
        let (fakes, faults) = setup();
        let log = faults.session_log.clone();
        let id = sample::session_id(1);
        log.create(id).await.unwrap();
        let epoch = log.acquire(id).await.unwrap().unwrap().epoch;
        let append = async || {
            let commit = Commit {
                entries: vec![sample::public(1, 1, "{}")],
                ..Commit::default()
            };
            log.append(id, epoch, 0, commit).await
        };
        let kept = || fakes.session_log.facts(id).len();
        log.faults.rehearse(fault.name, 1);
        match fault.name {
            "create_full" => assert!(matches!(
                log.create(sample::session_id(2)).await,
                Err(StoreError::Full)
            )),
            "acquire_unavailable" => assert!(is_unavailable(log.acquire(id).await)),
            "acquire_full" => assert!(matches!(log.acquire(id).await, Err(StoreError::Full))),
            "acquire_corrupt" => assert!(matches!(log.acquire(id).await, Err(StoreError::Corrupt(_)))),
            "append_full" => {
                assert!(matches!(append().await, Err(StoreError::Full)) && kept() == 0);
                append().await.unwrap();
            }
            "append_unavailable" => {
                assert!(is_unavailable(append().await) && kept() == 0);
                append().await.unwrap();
            }
            "append_unknown_written" => {
                assert!(matches!(append().await, Err(StoreError::Unknown(_))) && kept() == 1)
            }
            "append_unknown_lost" => {
                assert!(matches!(append().await, Err(StoreError::Unknown(_))) && kept() == 0)
            }
            "append_invalid" => {
                assert!(matches!(append().await, Err(StoreError::Invalid(_))) && kept() == 0);
                append().await.unwrap();
            }
            "append_fenced" => {
                assert!(matches!(append().await, Err(StoreError::Fenced)) && kept() == 0);
                assert!(
                    matches!(append().await, Err(StoreError::Fenced)),
                    "the other owner stays"
                );
            }
            "read_unavailable" => assert!(is_unavailable(log.read(id, 0, 1).await)),
            "recall_unavailable" => {
                assert!(is_unavailable(
                    log.recall(id, "s", "k", &[0; 32], sample::at(0)).await
                ));
            }
            "release_unavailable" => assert!(is_unavailable(log.release(id, epoch).await)),
            "delete_unavailable" => assert!(is_unavailable(log.delete(id).await)),
            other => panic!("`{other}` is not rehearsed"),
        }
        assert!(log.read(id, 0, 1).await.is_ok(), "`{}` is over", fault.name);
    }
}

#[tokio::test]
async fn catalog() {
    for fault in fault::catalog::CATALOGUE {
        let (_fakes, faults) = setup();
        let catalog = faults.catalog.clone();
        let row = sample::session_row(1, sample::org_id(1));
        let reserve = async || {
            catalog
                .reserve(row.clone(), Some(sample::key("k", 1, "{}")))
                .await
        };
        catalog.faults.rehearse(fault.name, 1);
        match fault.name {
            "reserve_unavailable" => {
                assert!(is_unavailable(reserve().await));
                assert_eq!(reserve().await.unwrap(), Reserved::New);
            }
            "reserve_unknown_written" => {
                assert!(matches!(reserve().await, Err(StoreError::Unknown(_))));
                assert_eq!(reserve().await.unwrap(), Reserved::Existing(row.id));
            }
            "reserve_answered_late" => {
                let (reserved, known) = tokio::join!(reserve(), catalog.lookup(row.id));
                assert_eq!(reserved.unwrap(), Reserved::New);
                assert!(known.unwrap().is_some(), "seen before the answer");
            }
            "read_unavailable" => assert!(is_unavailable(catalog.lookup(row.id).await)),
            "project_unavailable" => assert!(is_unavailable(catalog.project(row).await)),
            "mark_awake_unavailable" => assert!(is_unavailable(catalog.mark_awake(row.id).await)),
            "mark_asleep_unavailable" => assert!(is_unavailable(catalog.mark_asleep(row.id, None).await)),
            "mark_owing_unavailable" => assert!(is_unavailable(
                catalog.mark_owing(row.id, OwedRuns::default()).await
            )),
            "owing_unavailable" => assert!(is_unavailable(catalog.owing_runs(1).await)),
            "due_unavailable" => assert!(is_unavailable(catalog.due(sample::at(0), 1).await)),
            "remember_unavailable" => {
                let entry = || sample::key("d", 1, "null");
                assert!(is_unavailable(catalog.remember(entry()).await));
                assert_eq!(catalog.recall(entry()).await.unwrap(), Written::Done);
            }
            "remove_unavailable" => assert!(is_unavailable(catalog.remove(row.id).await)),
            other => panic!("`{other}` is not rehearsed"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn run_history() {
    for fault in fault::run_history::CATALOGUE {
        let (fakes, faults) = setup();
        let history = faults.run_history.clone();
        let run = sample::run(1, sample::org_id(1), sample::session_id(1));
        history.faults.rehearse(fault.name, 1);
        match fault.name {
            "record_unavailable" => assert!(is_unavailable(history.record(vec![run]).await)),
            "record_full" => assert!(matches!(history.record(vec![run]).await, Err(StoreError::Full))),
            "record_hangs" => assert!(hangs(history.record(vec![run])).await),
            "record_refused" => assert!(matches!(
                history.record(vec![run]).await,
                Err(StoreError::Invalid(_))
            )),
            "record_refused_in_company" => {
                history.record(vec![run.clone()]).await.unwrap();
                let two = history.record(vec![run.clone(), run]).await;
                assert!(matches!(two, Err(StoreError::Invalid(_))));
            }
            "record_unknown_written" => {
                assert!(matches!(
                    history.record(vec![run.clone()]).await,
                    Err(StoreError::Unknown(_))
                ));
                history.record(vec![run]).await.unwrap();
                assert_eq!(fakes.run_history.all().len(), 1);
            }
            "read_unavailable" => assert!(is_unavailable(history.lookup(run.org_id, run.id).await)),
            "remove_unavailable" => assert!(is_unavailable(history.remove_session(run.session_id).await)),
            other => panic!("`{other}` is not rehearsed"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn artifacts() {
    for fault in fault::artifacts::CATALOGUE {
        let (fakes, faults) = setup();
        let store = faults.artifacts.clone();
        let (old, new) = (artifact_key(1, 1, 1), artifact_key(1, 1, 2));
        let bytes = pattern(200_000);
        store.put(old, source(&bytes), u64::MAX).await.unwrap();
        let put = async || store.put(new, source(&bytes), u64::MAX).await;
        let is_kept = || fakes.artifacts.all().iter().any(|(key, _)| *key == new);
        let read = async || {
            let pieces = store.get(old, 0..bytes.len() as u64).await?;
            let pieces: Vec<_> = pieces.expect("it is there").try_collect().await?;
            Ok::<_, StoreError>(pieces.concat())
        };
        store.faults.rehearse(fault.name, 1);
        match fault.name {
            "put_unavailable" | "put_breaks_midway" => {
                assert!(
                    matches!(put().await, Err(PutError::Store(StoreError::Unavailable(_)))) && !is_kept()
                );
            }
            "put_full" => {
                assert!(matches!(put().await, Err(PutError::Store(StoreError::Full))) && !is_kept());
            }
            "put_unknown_written" => {
                assert!(matches!(put().await, Err(PutError::Store(StoreError::Unknown(_)))) && is_kept());
            }
            "put_hangs" => assert!(hangs(put()).await && !is_kept()),
            "get_unavailable" => assert!(is_unavailable(read().await)),
            "get_lost" => assert!(store.get(old, 0..1).await.unwrap().is_none()),
            "get_short" => assert!(read().await.unwrap().len() < bytes.len()),
            "get_altered" => assert_ne!(read().await.unwrap(), bytes),
            "get_hangs" => assert!(hangs(read()).await),
            "delete_unavailable" => assert!(is_unavailable(store.delete(old).await)),
            "delete_session_unavailable" => {
                assert!(is_unavailable(store.delete_session(old.org, old.session).await));
            }
            "keys_unavailable" => assert!(is_unavailable(store.keys(None, 1).await)),
            "check_unavailable" => assert!(is_unavailable(store.check().await)),
            other => panic!("`{other}` is not rehearsed"),
        }
        assert_eq!(read().await.unwrap(), bytes, "`{}` is over", fault.name);
    }
}

#[tokio::test]
async fn identity() {
    for fault in fault::identity::CATALOGUE {
        let (_fakes, faults) = setup();
        let store = faults.identity.clone();
        store
            .ensure_owner(sample::user(1), sample::organisation(1))
            .await
            .unwrap();
        let key = sample::api_key(1, sample::org_id(1), sample::user_id(1));
        store.faults.rehearse(fault.name, 1);
        match fault.name {
            "read_unavailable" => assert!(is_unavailable(store.find_api_key(&key.hash).await)),
            "write_unavailable" => assert!(is_unavailable(store.add_api_key(key, None).await)),
            "write_full" => assert!(matches!(
                store.add_api_key(key, None).await,
                Err(StoreError::Full)
            )),
            "add_api_key_unknown_written" => {
                assert!(matches!(
                    store.add_api_key(key.clone(), None).await,
                    Err(StoreError::Unknown(_))
                ));
                assert!(store.find_api_key(&key.hash).await.unwrap().is_some());
            }
            "rotate_unknown_written" => {
                store.add_api_key(key.clone(), None).await.unwrap();
                let mut new = sample::api_key(2, key.org, key.user);
                new.replaces = Some(key.id);
                let rotated = store.rotate_api_key(new.clone(), sample::at(5), None).await;
                assert!(matches!(rotated, Err(StoreError::Unknown(_))));
                let old = store.lookup_api_key(key.org, key.id).await.unwrap();
                assert_eq!(old.unwrap().replaced_by, Some(new.id));
            }
            "redeem_unknown_written" => {
                let link = sample::sign_in_link(1, key.org, key.user);
                store.add_sign_in_link(link.clone()).await.unwrap();
                let redeem = async |n| {
                    store
                        .redeem_sign_in_link(link.hash, sample::browser_session(n, key.user))
                        .await
                };
                assert!(matches!(redeem(1).await, Err(StoreError::Unknown(_))));
                assert_eq!(redeem(2).await.unwrap(), None);
            }
            "accept_unknown_written" => {
                let open = sample::invitation(1, key.org);
                store.add_invitation(open.clone(), 1, None).await.unwrap();
                let other = sample::organisation(2);
                store.ensure_owner(sample::user(2), other).await.unwrap();
                let accept = async || {
                    let at = sample::at(1);
                    store
                        .accept_invitation(open.hash, sample::user_id(2), at, None)
                        .await
                };
                assert!(matches!(accept().await, Err(StoreError::Unknown(_))));
                assert_eq!(accept().await.unwrap(), Acceptance::Over);
            }
            "erase_unavailable" => assert!(is_unavailable(store.finish_erasure(key.org).await)),
            "complete_sign_up_unknown_written" => {
                let sign_up = sample::sign_up(3);
                store.add_sign_up(sign_up.clone()).await.unwrap();
                let made = store
                    .complete_sign_up(sign_up.hash, sample::user(3), None, sample::at(1))
                    .await;
                assert!(matches!(made, Err(StoreError::Unknown(_))));
                assert!(store.lookup_user(sample::user_id(3)).await.unwrap().is_some());
            }
            "federated_sign_up_unknown_written" => {
                let (user, identity) = (sample::user(3), sample::identity(3, sample::user_id(3)));
                let place = NewPlace::Own(sample::organisation(3));
                let made = store.add_federated_user(user, identity, place).await;
                assert!(matches!(made, Err(StoreError::Unknown(_))));
                assert!(store.lookup_user(sample::user_id(3)).await.unwrap().is_some());
            }
            "redeem_reset_unknown_written" => {
                let reset = sample::reset_link(1, key.user);
                store.add_reset(reset.clone()).await.unwrap();
                let redeem = async || {
                    let password = PasswordHash::new("$hash$1");
                    store.redeem_reset(reset.hash, password, sample::at(1)).await
                };
                assert!(matches!(redeem().await, Err(StoreError::Unknown(_))));
                assert_eq!(redeem().await.unwrap(), None);
            }
            "second_factor_unavailable" => assert!(is_unavailable(store.second_factor(key.user).await)),
            "touch_unavailable" => assert!(is_unavailable(store.touch_api_key(key.id, sample::at(0)).await)),
            other => panic!("`{other}` is not rehearsed"),
        }
    }
}

#[tokio::test]
async fn logins() {
    for fault in fault::logins::CATALOGUE {
        let (fakes, faults) = setup();
        let logins = faults.logins.clone();
        let start = start("corp".parse().unwrap(), 1);
        logins.faults.rehearse(fault.name, 1);
        let begun = logins.start(&start).await;
        if fault.name == "start_unavailable" {
            assert!(matches!(begun, Err(LoginError::Unavailable(_))));
            logins.start(&start).await.unwrap();
            continue;
        }
        let who = sample::verified_identity(1);
        let code = fakes
            .logins
            .approve(begun.unwrap().expose(), who.clone())
            .unwrap();
        let answer = answer(&start, &code);
        let finished = logins.finish(&answer).await;
        match fault.name {
            "finish_unavailable" => assert!(matches!(finished, Err(LoginError::Unavailable(_)))),
            "finish_refused" => assert!(matches!(finished, Err(LoginError::Refused(_)))),
            other => panic!("`{other}` is not rehearsed"),
        }
        assert_eq!(logins.finish(&answer).await.unwrap(), who);
    }
}

#[tokio::test]
async fn mailer() {
    for fault in fault::mailer::CATALOGUE {
        let (fakes, faults) = setup();
        let mailer = faults.mailer.clone();
        let message = message(1, letters().remove(0));
        mailer.faults.rehearse(fault.name, 1);
        let sent = mailer.send(&message).await;
        match fault.name {
            "send_unavailable" => assert!(matches!(sent, Err(MailError::Unavailable(_)))),
            "send_refused" => assert!(matches!(sent, Err(MailError::Refused(_)))),
            other => panic!("`{other}` is not rehearsed"),
        }
        mailer.send(&message).await.unwrap();
        assert_eq!(fakes.mailer.all(), [message]);
    }
}

#[tokio::test]
async fn passwords() {
    for fault in fault::passwords::CATALOGUE {
        let (_fakes, faults) = setup();
        let hasher = faults.passwords.clone();
        let secret = SecretString::from("correct horse");
        let hash = hasher.hash(&secret).await.unwrap();
        hasher.faults.rehearse(fault.name, 1);
        match fault.name {
            "hash_unavailable" => assert!(matches!(
                hasher.hash(&secret).await,
                Err(HasherError::Unavailable(_))
            )),
            "verify_unavailable" => assert!(matches!(
                hasher.verify(&secret, Some(&hash)).await,
                Err(HasherError::Unavailable(_))
            )),
            "unreadable" => assert!(matches!(
                hasher.verify(&secret, Some(&hash)).await,
                Err(HasherError::Unreadable)
            )),
            other => panic!("`{other}` is not rehearsed"),
        }
        assert!(hasher.verify(&secret, Some(&hash)).await.unwrap());
    }
}

#[tokio::test]
async fn tenants() {
    for fault in fault::tenants::CATALOGUE {
        let (fakes, faults) = setup();
        let store = faults.tenants.clone();
        let row = sample::model_provider(1, sample::org_id(1));
        let add = store.add_model_provider(row.clone(), None);
        store.faults.rehearse(fault.name, 1);
        match fault.name {
            "read_unavailable" => assert!(is_unavailable(store.list_environments(row.org).await)),
            "write_unavailable" => assert!(is_unavailable(add.await)),
            "write_full" => assert!(matches!(add.await, Err(StoreError::Full))),
            "write_unknown_written" => {
                assert!(matches!(add.await, Err(StoreError::Unknown(_))));
                assert_eq!(fakes.tenants.list_model_providers(row.org).await.unwrap(), [row]);
            }
            other => panic!("`{other}` is not rehearsed"),
        }
    }
}

#[tokio::test]
async fn master_key() {
    for fault in fault::master_key::CATALOGUE {
        let (_fakes, faults) = setup();
        let key = faults.master_key.clone();
        let binding = domain::sealed::Binding {
            org: sample::org_id(1),
            row: "r".into(),
            purpose: "model_key",
        };
        let secret = SecretString::from("secret");
        let sealed = key.seal(&binding, &secret).await.unwrap();
        key.faults.rehearse(fault.name, 1);
        match fault.name {
            "seal_unavailable" => assert!(key.seal(&binding, &secret).await.is_err()),
            "open_unavailable" | "does_not_open" => assert!(key.open(&binding, &sealed).await.is_err()),
            "shred_unavailable" => assert!(key.shred(binding.org).await.is_err()),
            "rewrap_unavailable" => assert!(key.rewrap(1).await.is_err()),
            other => panic!("`{other}` is not rehearsed"),
        }
        key.open(&binding, &sealed).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn sandboxes() {
    let transient = |error: Option<SandboxError>| matches!(error, Some(SandboxError::Transient(_)));
    for fault in fault::sandboxes::CATALOGUE {
        let (fakes, faults) = setup();
        fakes.sandboxes.on_probe(|_| Ok(vec!["one".into(), "two".into()]));
        let provider = faults.sandboxes.clone();
        let (running, next) = (spec(1, 1), spec(1, 2));
        provider.start(running.clone()).await.unwrap();
        let state = async || provider.state(running.sandbox_id).await;
        let started = || fakes.sandboxes.started().len();
        provider.faults.rehearse(fault.name, 1);
        match fault.name {
            "start_transient" => assert!(transient(provider.start(next).await.err()) && started() == 1),
            "start_permanent" => assert!(matches!(
                provider.start(next).await,
                Err(SandboxError::Permanent(_))
            )),
            "start_answer_lost" => assert!(transient(provider.start(next).await.err()) && started() == 2),
            "start_hangs" => assert!(hangs(provider.start(next)).await && started() == 1),
            "state_unavailable" => assert!(transient(state().await.err())),
            "state_forgotten" => assert_eq!(state().await.unwrap(), SandboxState::Unknown),
            "died" => assert!(matches!(state().await.unwrap(), SandboxState::Ended { .. })),
            "expiry_unavailable" => assert!(transient(provider.expiry(running.sandbox_id).await.err())),
            "snapshot_transient" => assert!(transient(provider.snapshot(running.sandbox_id).await.err())),
            "snapshot_hangs" => assert!(hangs(provider.snapshot(running.sandbox_id)).await),
            "stop_transient" => assert!(transient(provider.stop(running.sandbox_id, 0).await.err())),
            "list_unavailable" => assert!(transient(provider.list().await.err())),
            "probe_unavailable" => assert!(transient(provider.probe(listing()).await.err())),
            "probe_breaks_off" => {
                let output: Vec<_> = provider.probe(listing()).await.unwrap().collect().await;
                assert!(output[0].is_ok() && output[1].is_err() && output.len() == 2);
            }
            "restore_refused" => {
                let spec = RestoreSpec {
                    session_id: running.session_id,
                    files: SessionFiles::Home,
                    sandbox_id: running.sandbox_id,
                    timeout_ms: 1,
                    max_bytes: 1,
                };
                let refused = provider.restore(spec, Box::pin(stream::empty())).await;
                assert!(matches!(refused, Err(SandboxError::Probe(_))));
            }
            "destroy_transient" => assert!(transient(provider.destroy(running.session_id).await.err())),
            other => panic!("`{other}` is not rehearsed"),
        }
        assert!(
            matches!(state().await.unwrap(), SandboxState::Running { .. }),
            "`{}` is over",
            fault.name
        );
    }
}

#[tokio::test(start_paused = true)]
async fn model_gateway() {
    for fault in fault::model_gateway::CATALOGUE {
        let (fakes, faults) = setup();
        fakes.model_gateway.then(Ok(Answer::events(&["one", "two"])));
        let gateway = faults.model_gateway.clone();
        let send = async || {
            let upstream = Upstream {
                provider: "hub".into(),
                dialect: Dialect::OpenaiChat,
                base_url: None,
                api_key: SecretString::from("secret"),
            };
            let call = ModelCall::ChatCompletions;
            gateway
                .send(ModelRequest {
                    upstream,
                    call,
                    body: "{}".into(),
                    headers: vec![],
                })
                .await
        };
        gateway.faults.rehearse(fault.name, 1);
        let status = async || {
            send()
                .await
                .map(|response| (response.status, response.retry_after))
                .unwrap()
        };
        match fault.name {
            "refused" => assert!(matches!(send().await, Err(ModelError::Unreachable(_)))),
            "address_not_allowed" => assert!(matches!(send().await, Err(ModelError::AddressNotAllowed(_)))),
            "breaks_off" => {
                let items: Vec<_> = send().await.unwrap().body.collect().await;
                assert!(items[0].is_ok() && items[1].is_err() && items.len() == 2);
                continue;
            }
            "unauthorised" => assert_eq!(status().await, (401, None)),
            "rate_limited" => assert_eq!(status().await, (429, Some("1".into()))),
            "server_error" => assert_eq!(status().await, (500, None)),
            "hangs" => assert!(hangs(send()).await),
            other => panic!("`{other}` is not rehearsed"),
        }
        assert_eq!(status().await.0, 200, "`{}` is over", fault.name);
    }
}

#[test]
fn clock_and_entropy() {
    let (fakes, faults) = setup();
    let now = fakes.clock.now();
    for (name, step) in [
        ("steps_back", -fault::clock::STEP_MS),
        ("jumps_ahead", fault::clock::STEP_MS),
    ] {
        faults.clock.faults.rehearse(name, 1);
        assert_eq!(faults.clock.now().as_ms(), now.as_ms() + step);
        assert_eq!(faults.clock.now(), now);
    }
    assert_eq!(fault::clock::CATALOGUE.len(), 2);

    faults.entropy.faults.rehearse("repeats", u32::MAX);
    assert_eq!(faults.entropy.bits(), faults.entropy.bits());
    faults.heal();
    assert_ne!(faults.entropy.bits(), faults.entropy.bits());
    assert_eq!(fault::entropy::CATALOGUE.len(), 1);
}

#[test]
#[should_panic(expected = "no fault `misspelt`")]
fn a_misspelt_fault_is_refused() {
    let log: Arc<dyn SessionLog> = Arc::new(testkit::fake::MemorySessionLog::default());
    fault::session_log::Faulty::around(log)
        .faults
        .inject("misspelt", 1);
}
