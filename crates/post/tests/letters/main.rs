//! Letters to memory, to a folder, and to a small mail server of our own on loopback.

mod server;

use std::os::unix::fs::PermissionsExt;

use post::{Letter, Postman, SendError, SettingError, Settings};
use server::{MailServer, Says};

#[tokio::test]
async fn memory_keeps_letters_for_whoever_looks() {
    let postman = open("memory");
    postman.send(&letter("a@host.example")).await.unwrap();
    postman.clone().send(&Letter { to: "malik@example.org".into(), ..letter("b@host.example") }).await.unwrap();
    let memory = postman.letters().unwrap();
    assert_eq!(memory.count(), 2);
    assert_eq!(memory.all().iter().map(|sent| sent.number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(memory.to("malik@example.org")[0].letter.message_id, "b@host.example");
    assert_eq!(memory.get(1).unwrap().letter, letter("a@host.example"));
    assert!(memory.get(3).is_none());
}

#[tokio::test]
async fn memory_is_bounded() {
    let postman = open("memory");
    for n in 0..1_050 {
        postman.send(&letter(&format!("{n}@host.example"))).await.unwrap();
    }
    let memory = postman.letters().unwrap();
    assert_eq!((memory.all().len(), memory.count(), memory.all()[0].number), (1_000, 1_050, 51));
}

#[tokio::test]
async fn a_folder_receives_whole_letters_and_the_same_one_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("not made yet");
    let postman = open(&format!("dir:{}", path.display()));
    postman.send(&letter("award-1.1@host.example")).await.unwrap();
    postman.send(&letter("award-1.1@host.example")).await.unwrap();
    postman.send(&letter("../../up@host.example")).await.unwrap();
    let mut names: Vec<String> =
        std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["%2E.%2F..%2Fup@host.example.eml", "award-1.1@host.example.eml"]);
    let file = path.join("award-1.1@host.example.eml");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);

    let text = std::fs::read_to_string(file).unwrap();
    for expected in [
        "From: Livret <ne-pas-repondre@livret.example>\r\n",
        "Reply-To: ",
        "<ines@example.org>\r\n",
        "Message-ID: <award-1.1@host.example>\r\n",
        "Auto-Submitted: auto-generated\r\n",
        "Content-Language: fr\r\n",
        "Content-Type: multipart/alternative;",
        "Content-Type: text/plain; charset=utf-8\r\n",
        "Content-Type: text/html; charset=utf-8\r\n",
        "Date: ",
    ] {
        assert!(text.contains(expected), "{expected:?} in\n{text}");
    }
    assert!(text.is_ascii(), "names and texts are encoded for old servers");
}

#[tokio::test]
async fn nothing_a_person_typed_becomes_a_header() {
    let folder = tempfile::tempdir().unwrap();
    let postman = open(&format!("dir:{}", folder.path().display()));
    let sly = "Inès\r\nBcc: all@example.org\r\n\r\nhello";
    let typed = Letter { to_name: Some(sly.into()), subject: sly.into(), ..letter("sly@host.example") };
    postman.send(&typed).await.unwrap();
    let text = std::fs::read_to_string(folder.path().join("sly@host.example.eml")).unwrap();
    assert!(!text.lines().any(|line| line.to_lowercase().starts_with("bcc")), "{text}");

    for to in ["", "no address", "a@b\r\nBcc: c@d", "a@b, c@d", "<a@b>", "a@b\n", "Inès <a@b>"] {
        let refused = postman.send(&Letter { to: to.into(), ..letter("x@host.example") }).await;
        assert_eq!(refused, Err(SendError::Refused("bad_address".into())), "{to:?}");
        assert!(!post::is_address(to));
    }
    for id in ["", "no-at", "a b@c", "a@b>\r\nX: y", "@b", "a@", "é@b"] {
        let refused = postman.send(&letter(id)).await;
        assert_eq!(refused, Err(SendError::Refused("bad_message_id".into())), "{id:?}");
    }
}

#[tokio::test]
async fn a_server_takes_the_letter() {
    let server = MailServer::start(Says::Yes).await;
    let postman = open(&server.url());
    postman.send(&letter("a@host.example")).await.unwrap();
    postman.send(&letter("b@host.example")).await.unwrap();
    let heard = server.heard();
    assert!(heard.contains("EHLO livret.example\r\n"), "{heard}");
    assert!(heard.contains("MAIL FROM:<ne-pas-repondre@livret.example>"), "{heard}");
    assert!(heard.contains("RCPT TO:<ines@example.org>"));
    assert_eq!(heard.matches("Message-ID: <").count(), 2);
}

#[tokio::test]
async fn a_server_that_refuses_the_address_is_final_and_one_that_is_busy_is_not() {
    for (says, expected) in [
        (Says::ToAddress("550 5.1.1 <ines@example.org> no such person"), SendError::Refused("smtp_550".into())),
        (Says::ToAddress("554 5.7.1 ines@example.org refused"), SendError::Refused("smtp_554".into())),
        (Says::ToAddress("451 4.3.0 ines@example.org greylisted"), SendError::Later),
        (Says::ToAddress("530 5.7.0 sign in first"), SendError::Later),
        (Says::ToData("552 5.3.4 too big"), SendError::Refused("smtp_552".into())),
        (Says::ToData("452 4.2.2 full for now"), SendError::Later),
        (Says::Nothing, SendError::Later),
    ] {
        let server = MailServer::start(says).await;
        let error = open(&server.url()).send(&letter("a@host.example")).await.unwrap_err();
        assert_eq!(error, expected, "{says:?}");
        assert!(!format!("{error} {error:?}").contains("ines"), "the server's words stay out");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_means_later() {
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let postman = open(&format!("smtp://127.0.0.1:{port}"));
    assert_eq!(postman.send(&letter("a@host.example")).await, Err(SendError::Later));
}

#[tokio::test]
async fn a_wrong_sign_in_is_our_fault_and_not_the_learner_s() {
    let server = MailServer::start(Says::ToSignIn("535 5.7.8 wrong")).await;
    let url = server.url().replace("smtp://", "smtp://livret%40example.org:se%3Acret@");
    let error = open(&url).send(&letter("a@host.example")).await.unwrap_err();
    assert_eq!(error, SendError::Later);
    let said = server.heard();
    // base64("\0livret@example.org\0se:cret")
    assert!(said.contains("AUTH PLAIN AGxpdnJldEBleGFtcGxlLm9yZwBzZTpjcmV0"), "{said}");
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused_without_repeating_them() {
    for address in [
        "",
        "smtp",
        "http://host",
        "Memory",
        "smtp://",
        "smtp://host?tls=no",
        "smtps://h?tls=opportunistic",
        "smtp://u:%zz@h",
    ] {
        let error = Postman::open(address, settings()).unwrap_err();
        assert!(matches!(error, SettingError::Unknown | SettingError::Server(_)), "{address}");
    }
    let error = Postman::open("memory", Settings { from: "nobody".into(), reply_to: None }).unwrap_err();
    assert_eq!(error, SettingError::Sender);
    let error = Postman::open("smtp://user:secret@host:not-a-port", settings()).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("secret"));
    for address in [
        "smtp://u:secret@mail.example:587",
        "smtps://mail.example",
        "smtp://10.0.0.1:25?tls=opportunistic",
        "smtp://[::1]:25",
    ] {
        let postman = Postman::open(address, settings()).unwrap();
        assert!(!format!("{postman:?}").contains("secret"));
        assert!(postman.letters().is_none());
    }
}

#[tokio::test]
async fn a_stranger_on_the_way_cannot_read_letters() {
    // A server that is not this machine must speak TLS: here by a name that means loopback, so that no letter leaves.
    let server = MailServer::start(Says::Yes).await;
    let url = server.url().replace("127.0.0.1", "127.0.0.1.nip.invalid");
    assert_eq!(open(&url).send(&letter("a@host.example")).await, Err(SendError::Later));
    assert!(!server.heard().contains("Message-ID"));
}

#[test]
fn a_letter_can_wait_in_an_outbox_and_never_shows_itself() {
    let letter = letter("a@host.example");
    let stored = serde_json::to_string(&letter).unwrap();
    assert_eq!(serde_json::from_str::<Letter>(&stored).unwrap(), letter);
    assert_eq!(format!("{letter:?}"), "Letter { message_id: \"a@host.example\", .. }");
}

fn settings() -> Settings {
    Settings {
        from: "Livret <ne-pas-repondre@livret.example>".into(),
        reply_to: Some("Région Normandie <livret@livret.example>".into()),
    }
}

fn open(address: &str) -> Postman {
    Postman::open(address, settings()).unwrap()
}

fn letter(message_id: &str) -> Letter {
    Letter {
        to: "ines@example.org".into(),
        to_name: Some("Inès Lemoine".into()),
        subject: "Votre badge « S’organiser » est prêt".into(),
        text: "Bonjour Inès\u{a0}!\n.\nUn point seul sur une ligne.\n".into(),
        html: "<p>Bonjour Inès\u{a0}!</p>".into(),
        message_id: message_id.into(),
    }
}
