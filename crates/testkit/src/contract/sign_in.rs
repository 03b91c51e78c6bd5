//! Cases of the identity store about people who sign in.

use std::{sync::Arc, time::Duration};

use domain::{
    sign_in::{MOST_SESSIONS, PasswordHash, SESSION_IDLE, SESSION_LIFE, TokenHash},
    tenancy::Role,
};
use ports::{IdentityStore, idempotency::Written};

use crate::sample::{at, browser_session, org_id, organisation, sign_in_link, user, user_id};

fn password(n: u64) -> PasswordHash {
    PasswordHash::new(format!("$hash${n}"))
}

/// Two users of an organisation each, with passwords.
async fn two(store: &Arc<dyn IdentityStore>) {
    for n in [1, 2] {
        store.ensure_owner(user(n), organisation(n)).await.unwrap();
        let set = store.set_password(user_id(n), password(n), None).await.unwrap();
        assert_eq!(set, Written::Done);
    }
}

async fn open(store: &Arc<dyn IdentityStore>, n: u64, owner: u64) -> TokenHash {
    let session = browser_session(n, user_id(owner));
    let opened = store.open_browser_session(session.clone(), password(owner)).await;
    assert_eq!(opened.unwrap(), Written::Done);
    session.hash
}

async fn is_there(store: &Arc<dyn IdentityStore>, hash: TokenHash) -> bool {
    store.find_browser_session(hash).await.unwrap().is_some()
}

pub(super) async fn a_password_belongs_to_its_user(store: Arc<dyn IdentityStore>) {
    store.ensure_owner(user(1), organisation(1)).await.unwrap();
    assert_eq!(
        store.find_user("user1@example.org").await.unwrap(),
        Some((user(1), None))
    );
    assert_eq!(store.find_user("user2@example.org").await.unwrap(), None);
    assert_eq!(store.password_of(user_id(1)).await.unwrap(), None);
    assert_eq!(
        store.set_password(user_id(2), password(2), None).await.unwrap(),
        Written::Refused
    );
    two(&store).await;
    store.set_password(user_id(1), password(7), None).await.unwrap();
    assert_eq!(
        store.find_user("user1@example.org").await.unwrap(),
        Some((user(1), Some(password(7))))
    );
    assert_eq!(store.password_of(user_id(2)).await.unwrap(), Some(password(2)));
    assert_eq!(store.password_of(user_id(3)).await.unwrap(), None);
    store.ensure_owner(user(1), organisation(1)).await.unwrap();
    assert_eq!(
        store.password_of(user_id(1)).await.unwrap(),
        Some(password(7)),
        "a second bootstrap leaves it alone"
    );
}

pub(super) async fn a_session_opens_only_with_the_password_that_is_still_there(
    store: Arc<dyn IdentityStore>,
) {
    two(&store).await;
    let session = browser_session(1, user_id(1));
    for (owner, verified) in [(1, password(2)), (3, password(3))] {
        let session = browser_session(1, user_id(owner));
        let opened = store.open_browser_session(session, verified).await.unwrap();
        assert_eq!(opened, Written::Refused);
    }
    assert_eq!(store.find_browser_session(session.hash).await.unwrap(), None);
    let opened = store
        .open_browser_session(session.clone(), password(1))
        .await
        .unwrap();
    assert_eq!(opened, Written::Done);
    assert_eq!(
        store
            .find_browser_session(session.hash)
            .await
            .unwrap()
            .unwrap()
            .session,
        session
    );
}

pub(super) async fn a_browser_session_stands_for_its_user_everywhere(store: Arc<dyn IdentityStore>) {
    two(&store).await;
    store.ensure_owner(user(1), organisation(3)).await.unwrap();
    let hash = open(&store, 1, 1).await;
    let found = store.find_browser_session(hash).await.unwrap().unwrap();
    assert_eq!(found.user, user(1));
    let places: Vec<_> = found
        .memberships
        .iter()
        .map(|place| (place.organisation.clone(), place.role))
        .collect();
    assert_eq!(
        places,
        [(organisation(1), Role::Owner), (organisation(3), Role::Owner)]
    );
    assert_eq!(
        store.list_memberships(user_id(1)).await.unwrap(),
        found.memberships
    );
    let orgs = store.list_memberships(user_id(2)).await.unwrap();
    assert_eq!(orgs.len(), 1);
    assert_eq!(orgs[0].organisation.id, org_id(2));
    assert_eq!(store.list_memberships(user_id(9)).await.unwrap(), []);
    // The last use never goes back, and what is not there is not made.
    let seen = async || {
        store
            .find_browser_session(hash)
            .await
            .unwrap()
            .unwrap()
            .session
            .last_seen_at
    };
    store.touch_browser_session(hash, at(9_000_000)).await.unwrap();
    assert_eq!(seen().await, at(9_000_000));
    store.touch_browser_session(hash, at(10)).await.unwrap();
    assert_eq!(seen().await, at(9_000_000));
    store
        .touch_browser_session(TokenHash([9; 32]), at(1))
        .await
        .unwrap();
    assert!(!is_there(&store, TokenHash([9; 32])).await);
}

pub(super) async fn browser_sessions_end_and_make_room(store: Arc<dyn IdentityStore>) {
    two(&store).await;
    let (mine, other) = (open(&store, 1, 1).await, open(&store, 2, 2).await);
    for _ in 0..2 {
        store.end_browser_session(mine).await.unwrap();
        assert!(!is_there(&store, mine).await && is_there(&store, other).await);
    }
    // What is over goes when another one opens: by age, and by idleness.
    let (idle, used) = (open(&store, 3, 1).await, open(&store, 4, 1).await);
    store
        .touch_browser_session(used, at(0).after(SESSION_LIFE - Duration::from_secs(60)))
        .await
        .unwrap();
    let mut late = browser_session(5, user_id(2));
    late.created_at = at(0).after(SESSION_IDLE + Duration::from_secs(60));
    late.last_seen_at = late.created_at;
    store
        .open_browser_session(late.clone(), password(2))
        .await
        .unwrap();
    assert!(!is_there(&store, idle).await && is_there(&store, used).await);
    late.created_at = at(0).after(SESSION_LIFE + Duration::from_secs(60));
    (late.hash, late.last_seen_at) = (TokenHash([6; 32]), late.created_at);
    store.open_browser_session(late, password(2)).await.unwrap();
    assert!(!is_there(&store, used).await);
    // One too many: the one unused for longest goes, and nobody else's.
    let many = MOST_SESSIONS as u64;
    let start = at(0).after(SESSION_LIFE * 2);
    for n in 0..=many {
        let mut session = browser_session(100 + n, user_id(1));
        session.created_at = start.after(Duration::from_secs(n));
        session.last_seen_at = session.created_at;
        store.open_browser_session(session, password(1)).await.unwrap();
        if n == 0 {
            let mut others = browser_session(99, user_id(2));
            (others.created_at, others.last_seen_at) = (start, start);
            store.open_browser_session(others, password(2)).await.unwrap();
            let first = browser_session(100, user_id(1)).hash;
            store
                .touch_browser_session(first, start.after(Duration::from_secs(3600)))
                .await
                .unwrap();
        }
    }
    let there = async |n| is_there(&store, browser_session(n, user_id(1)).hash).await;
    assert!(there(99).await && there(100).await && !there(101).await && there(102).await);
    assert!(there(100 + many).await);
}

pub(super) async fn a_new_password_ends_the_other_browser_sessions(store: Arc<dyn IdentityStore>) {
    two(&store).await;
    let (here, there, other) = (
        open(&store, 1, 1).await,
        open(&store, 2, 1).await,
        open(&store, 3, 2).await,
    );
    store
        .set_password(user_id(1), password(8), Some(here))
        .await
        .unwrap();
    assert!(is_there(&store, here).await && !is_there(&store, there).await);
    assert!(is_there(&store, other).await);
    store.set_password(user_id(1), password(9), None).await.unwrap();
    assert!(!is_there(&store, here).await && is_there(&store, other).await);
}

pub(super) async fn a_link_is_used_once_and_in_time(store: Arc<dyn IdentityStore>) {
    two(&store).await;
    let (link, late) = (
        sign_in_link(1, org_id(2), user_id(2)),
        sign_in_link(2, org_id(1), user_id(1)),
    );
    store.add_sign_in_link(link.clone()).await.unwrap();
    store.add_sign_in_link(late.clone()).await.unwrap();
    let mut session = browser_session(1, user_id(1));
    session.by_link = true;
    assert_eq!(
        store
            .redeem_sign_in_link(TokenHash([9; 32]), session.clone())
            .await
            .unwrap(),
        None
    );
    let opened = store
        .redeem_sign_in_link(link.hash, session.clone())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (opened.user, opened.org, opened.hash, opened.by_link),
        (user_id(2), Some(org_id(2)), session.hash, true),
        "it is the link that says for whom"
    );
    let found = store.find_browser_session(session.hash).await.unwrap().unwrap();
    assert_eq!((found.session, found.user), (opened, user(2)));
    let mut again = browser_session(2, user_id(2));
    assert_eq!(
        store.redeem_sign_in_link(link.hash, again.clone()).await.unwrap(),
        None
    );
    (again.created_at, again.last_seen_at) = (late.expires_at, late.expires_at);
    assert_eq!(
        store.redeem_sign_in_link(late.hash, again.clone()).await.unwrap(),
        None
    );
    assert!(!is_there(&store, again.hash).await);
}

pub(super) async fn of_many_at_once_one_uses_a_link(store: Arc<dyn IdentityStore>) {
    two(&store).await;
    let link = sign_in_link(1, org_id(1), user_id(1));
    store.add_sign_in_link(link.clone()).await.unwrap();
    let tries: Vec<_> = (0..8)
        .map(|n| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let session = browser_session(n, user_id(1));
                store.redeem_sign_in_link(link.hash, session).await.unwrap()
            })
        })
        .collect();
    let mut opened = Vec::new();
    for one in tries {
        opened.extend(one.await.unwrap());
    }
    assert_eq!(opened.len(), 1);
    let mut there = 0;
    for n in 0..8 {
        there += usize::from(is_there(&store, browser_session(n, user_id(1)).hash).await);
    }
    assert_eq!(there, 1);
}
