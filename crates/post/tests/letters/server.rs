//! A mail server that fits on a page: says what the test wants, and remembers what it heard.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What the server answers where it matters; everything else it accepts.
#[derive(Clone, Copy, Debug)]
pub enum Says {
    Yes,
    ToAddress(&'static str),
    ToData(&'static str),
    ToSignIn(&'static str),
    /// It hangs up at the first word.
    Nothing,
}

pub struct MailServer {
    port: u16,
    heard: Arc<Mutex<String>>,
}

impl MailServer {
    pub async fn start(says: Says) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::new(Mutex::new(String::new()));
        let memory = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let memory = Arc::clone(&memory);
                // A client that hangs up is no fault of the test.
                tokio::spawn(async move { drop(talk(stream, says, memory).await) });
            }
        });
        Self { port, heard }
    }

    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    pub fn heard(&self) -> String {
        self.heard.lock().unwrap().clone()
    }
}

async fn talk(stream: TcpStream, says: Says, heard: Arc<Mutex<String>>) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read);
    write.write_all(b"220 test ESMTP\r\n").await?;
    let mut in_letter = false;
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line).await? == 0 || matches!(says, Says::Nothing) {
            return Ok(());
        }
        heard.lock().unwrap().push_str(&line);
        let command = line.trim_end().to_uppercase();
        let answer = if in_letter {
            if command != "." {
                continue;
            }
            in_letter = false;
            if let Says::ToData(answer) = says { answer } else { "250 2.0.0 taken" }
        } else if command.starts_with("EHLO") {
            "250-test\r\n250-8BITMIME\r\n250 AUTH PLAIN"
        } else if let (true, Says::ToAddress(answer)) = (command.starts_with("RCPT"), says) {
            answer
        } else if let (true, Says::ToSignIn(answer)) = (command.starts_with("AUTH"), says) {
            answer
        } else if command == "DATA" {
            in_letter = true;
            "354 go on"
        } else if command == "QUIT" {
            "221 bye"
        } else {
            "250 2.0.0 yes"
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
}
