//! A mail server in this process: speaks enough of SMTP to take messages, and misbehaves as it is told.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    path::Path,
    process::Command,
    sync::{Arc, Mutex},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::Notify,
};
use tokio_rustls::{TlsAcceptor, rustls::ServerConfig};

/// One message as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Taken {
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    /// Without the dots that were added on the way.
    pub(crate) text: String,
    pub(crate) encrypted: bool,
    pub(crate) login: Option<(String, String)>,
}

/// What goes wrong, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mishap {
    /// It takes the connection and says nothing.
    Silent,
    /// It ends the connection when it has the message, without a word about it.
    DropsAfterData,
    /// It answers this instead, at this command.
    Says(&'static str, &'static str),
    /// It goes when it is greeted farewell, without a word.
    NoFarewell,
}

/// How it is set up.
#[derive(Default)]
pub(crate) struct Setup {
    /// Chain and key; offered with STARTTLS unless `from_the_start`.
    pub(crate) tls: Option<TlsAcceptor>,
    pub(crate) from_the_start: bool,
    /// Who may send.
    pub(crate) login: Option<(&'static str, &'static str)>,
}

struct Shared {
    setup: Setup,
    taken: Mutex<Vec<Taken>>,
    mishaps: Mutex<VecDeque<Mishap>>,
    /// Every command of every connection, without what follows it.
    said: Mutex<Vec<String>>,
    arrived: Notify,
}

/// Ends with the test's runtime.
pub(crate) struct MailServer {
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

impl MailServer {
    pub(crate) async fn start(setup: Setup) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            setup,
            taken: Mutex::default(),
            mishaps: Mutex::default(),
            said: Mutex::default(),
            arrived: Notify::new(),
        });
        let serving = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&serving);
                shared.arrived.notify_one();
                tokio::spawn(async move { shared.connection(stream).await });
            }
        });
        Self { address, shared }
    }

    pub(crate) fn taken(&self) -> Vec<Taken> {
        self.shared.taken.lock().expect("whole").clone()
    }

    /// Everything that clients have asked for, in order.
    pub(crate) fn said(&self) -> Vec<String> {
        self.shared.said.lock().expect("whole").clone()
    }

    /// Of the next connections one each.
    pub(crate) fn next(&self, mishaps: &[Mishap]) {
        self.shared.mishaps.lock().expect("whole").extend(mishaps);
    }

    /// Until somebody connects.
    pub(crate) async fn arrival(&self) {
        self.shared.arrived.notified().await;
    }
}

impl Shared {
    async fn connection(&self, stream: TcpStream) {
        let mishap = self.mishaps.lock().expect("whole").pop_front();
        if mishap == Some(Mishap::Silent) {
            // Held open until the client has had enough.
            let mut rest = BufReader::new(stream);
            let mut line = String::new();
            while rest.read_line(&mut line).await.is_ok_and(|read| read > 0) {}
            return;
        }
        let acceptor = self.setup.tls.clone();
        // What a client does when it does not trust the certificate ends here.
        let _ = match acceptor {
            Some(acceptor) if self.setup.from_the_start => match acceptor.accept(stream).await {
                Ok(stream) => self.talk(Box::new(stream), mishap, true, true).await.map(drop),
                Err(error) => Err(error),
            },
            Some(acceptor) => match self.talk(Box::new(stream), mishap, true, false).await {
                Ok(Some(stream)) => match acceptor.accept(stream).await {
                    Ok(stream) => self.talk(Box::new(stream), mishap, false, true).await.map(drop),
                    Err(error) => Err(error),
                },
                other => other.map(drop),
            },
            None => self.talk(Box::new(stream), mishap, true, false).await.map(drop),
        };
    }

    /// Answers the stream when the client asked for encryption.
    async fn talk(
        &self,
        stream: Box<dyn Stream>,
        mishap: Option<Mishap>,
        greet: bool,
        encrypted: bool,
    ) -> std::io::Result<Option<Box<dyn Stream>>> {
        let mut stream = BufReader::new(stream);
        if greet {
            stream.write_all(b"220 mail.example.org ESMTP\r\n").await?;
        }
        let mut now = Taken {
            from: String::new(),
            to: Vec::new(),
            text: String::new(),
            encrypted,
            login: None,
        };
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(None);
            }
            let line = line.trim_end().to_owned();
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
            self.said.lock().expect("whole").push(verb.clone());
            if let Some(Mishap::Says(at, reply)) = mishap
                && at == verb
            {
                stream.write_all(format!("{reply}\r\n").as_bytes()).await?;
                continue;
            }
            let reply = match verb.as_str() {
                "EHLO" => self.offers(encrypted),
                "STARTTLS" => {
                    stream.write_all(b"220 go on\r\n").await?;
                    return Ok(Some(stream.into_inner()));
                }
                "AUTH" => {
                    now.login = plain_login(&line);
                    let right = self
                        .setup
                        .login
                        .map(|(user, word)| (user.to_owned(), word.to_owned()));
                    if now.login == right {
                        "235 2.7.0 welcome\r\n".to_owned()
                    } else {
                        "535 5.7.8 wrong user or password\r\n".to_owned()
                    }
                }
                "MAIL" if self.setup.login.is_some() && now.login.is_none() => {
                    "530 5.7.0 log in first\r\n".to_owned()
                }
                "MAIL" => {
                    now.from = path(&line);
                    "250 2.1.0 ok\r\n".to_owned()
                }
                "RCPT" => {
                    now.to.push(path(&line));
                    "250 2.1.5 ok\r\n".to_owned()
                }
                "DATA" => {
                    stream.write_all(b"354 go on\r\n").await?;
                    now.text = text(&mut stream).await?;
                    if mishap == Some(Mishap::DropsAfterData) {
                        return Ok(None);
                    }
                    if let Some(Mishap::Says("END", reply)) = mishap {
                        format!("{reply}\r\n")
                    } else {
                        self.taken.lock().expect("whole").push(now.clone());
                        "250 2.0.0 taken\r\n".to_owned()
                    }
                }
                "QUIT" if mishap == Some(Mishap::NoFarewell) => return Ok(None),
                "QUIT" => {
                    stream.write_all(b"221 bye\r\n").await?;
                    return Ok(None);
                }
                _ => "502 5.5.1 what?\r\n".to_owned(),
            };
            stream.write_all(reply.as_bytes()).await?;
        }
    }

    fn offers(&self, encrypted: bool) -> String {
        let mut lines = vec!["mail.example.org"];
        if self.setup.tls.is_some() && !encrypted {
            lines.push("STARTTLS");
        }
        if self.setup.login.is_some() {
            lines.push("AUTH PLAIN LOGIN");
        }
        lines.push("SIZE 1000000");
        let last = lines.len() - 1;
        lines
            .iter()
            .enumerate()
            .map(|(n, line)| format!("250{}{line}\r\n", if n == last { ' ' } else { '-' }))
            .collect()
    }
}

/// The address between the brackets.
fn path(line: &str) -> String {
    let inside = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map(|(path, _)| path.to_owned()).unwrap_or_default()
}

fn plain_login(line: &str) -> Option<(String, String)> {
    let word = line.split(' ').nth(2)?;
    let text = String::from_utf8(STANDARD.decode(word).ok()?).ok()?;
    let mut parts = text.split('\0').skip(1).map(str::to_owned);
    Some((parts.next()?, parts.next()?))
}

async fn text(stream: &mut BufReader<Box<dyn Stream>>) -> std::io::Result<String> {
    let mut text = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line == ".\r\n" {
            return Ok(text);
        }
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}

/// An authority, and what a server of this machine needs to be trusted by whoever trusts it.
pub(crate) struct Certificates {
    pub(crate) authority: Vec<u8>,
    pub(crate) acceptor: TlsAcceptor,
}

impl Certificates {
    pub(crate) fn make() -> Self {
        let place = tempfile::tempdir().expect("a directory");
        let at = place.path();
        let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
        openssl(
            at,
            &format!("req -x509 {key} -days 2 -subj /CN=authority -keyout ca.key -out ca.pem"),
        );
        openssl(
            at,
            &format!("req {key} -subj /CN=localhost -keyout key.pem -out request.pem"),
        );
        std::fs::write(at.join("names"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n").expect("written");
        openssl(
            at,
            "x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out cert.pem",
        );
        let chain = vec![CertificateDer::from_pem_file(at.join("cert.pem")).expect("a certificate")];
        let key = PrivateKeyDer::from_pem_file(at.join("key.pem")).expect("a key");
        let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .expect("a pair");
        Self {
            authority: std::fs::read(at.join("ca.pem")).expect("written"),
            acceptor: TlsAcceptor::from(Arc::new(config)),
        }
    }
}

fn openssl(at: &Path, arguments: &str) {
    let made = Command::new("openssl")
        .current_dir(at)
        .args(arguments.split(' '))
        .output();
    let Ok(made) = made else {
        panic!("openssl is needed for this test")
    };
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}
