//! The one error of the edge: what went wrong, whose fault it is, and what to do next.

use std::error::Error;
use std::fmt;
use std::io;

use preuve_store::StoreError;

/// Who can do something about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// The person: arguments, files, permissions, a full disk. Exit code 2.
    User,
    /// Nobody but us. Exit code 255.
    Internal,
    /// The reader of our output went away, which is its right. Exit code 0.
    Nobody,
}

/// Why a command was not done.
#[derive(Debug)]
pub struct CommandError {
    /// Whose fault it is.
    pub blame: Blame,
    /// One sentence: path first, lower case, literals in back-ticks.
    pub message: String,
    /// What the person can do, each starting with a verb.
    pub hints: Vec<String>,
}

impl CommandError {
    /// A fault of the person's, with what it says.
    pub fn user(message: impl Into<String>) -> Self {
        Self { blame: Blame::User, message: message.into(), hints: Vec::new() }
    }

    /// A fault of the program's.
    pub fn internal(message: impl Into<String>) -> Self {
        let hint = "report it with the command and this message; no work that was acknowledged is lost";
        Self { blame: Blame::Internal, message: message.into(), hints: vec![hint.to_owned()] }
    }

    /// The same with one more hint.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The same with the path it is about in front.
    pub fn at(mut self, path: &std::path::Path) -> Self {
        self.message = format!("{}: {}", path.display(), self.message);
        self
    }

    /// The exit code that says so.
    pub fn exit_code(&self) -> u8 {
        match self.blame {
            Blame::Nobody => 0,
            Blame::User => 2,
            Blame::Internal => 255,
        }
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "preuve: {}", self.message)?;
        self.hints.iter().try_for_each(|hint| write!(f, "\nhint: {hint}"))
    }
}

/// Every error of every stage arrives here: its sources make the sentence, the kinds we know add a hint.
impl<E: Error + 'static> From<E> for CommandError {
    fn from(error: E) -> Self {
        let mut message = error.to_string();
        let mut blame = Blame::User;
        let mut hints = Vec::new();
        let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
        while let Some(error) = cause {
            let text = error.to_string();
            if !message.contains(&text) {
                message = format!("{message}: {text}");
            }
            // What writes JSON wraps the error of the stream it writes to without naming it as its cause.
            let json = error.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
            if let Some(kind) = error.downcast_ref::<io::Error>().map(io::Error::kind).or(json) {
                hints.extend(hint_for_io(kind));
                if kind == io::ErrorKind::BrokenPipe {
                    blame = Blame::Nobody;
                }
            }
            if let Some(store) = error.downcast_ref::<StoreError>() {
                hints.extend(store.hint());
            }
            cause = error.source();
        }
        Self { blame, message, hints }
    }
}

fn hint_for_io(kind: io::ErrorKind) -> Option<String> {
    let hint = match kind {
        io::ErrorKind::PermissionDenied => "look at the permissions with `ls -l`",
        io::ErrorKind::StorageFull => {
            "make room on the disk, then run the same command again; it goes on from there"
        }
        io::ErrorKind::FileTooLarge => {
            "raise the limit on file sizes (`ulimit -f`), then run the same command again"
        }
        _ => return None,
    };
    Some(hint.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_pipe_is_success() {
        let error = CommandError::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!(error.exit_code(), 0);
    }

    #[test]
    fn a_pipe_that_breaks_under_json_is_success_too() {
        struct Broken;
        impl io::Write for Broken {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let error = serde_json::to_writer(Broken, &[1, 2]).unwrap_err();
        assert_eq!(CommandError::from(error).exit_code(), 0);
    }

    #[test]
    fn a_full_disk_is_said_with_what_to_do() {
        let error = CommandError::from(io::Error::from(io::ErrorKind::StorageFull));
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().contains("hint: make room"), "{error}");
    }

    #[test]
    fn causes_are_told_once() {
        let inner = io::Error::other("inner");
        let error = CommandError::from(io::Error::other(inner));
        assert_eq!(error.message, "inner");
    }
}
