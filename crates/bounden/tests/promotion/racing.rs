//! Several promoters at once: one of them promotes, all of them see the same end.

use std::process::Stdio;

use crate::agent::Agent;

#[test]
fn one_of_several_promoters_promotes() {
    let agent = Agent::new();
    agent.approve("staging", "ben", "environment-admin").succeeds();
    let start = || {
        let mut command = agent.command(&["promote", "--env", "staging"]);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let running: Vec<_> = (0..4).map(|_| start()).collect();
    for promoter in running {
        let ended = promoter.wait_with_output().unwrap();
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    }
    assert_eq!(agent.history("staging").len(), 1);
    agent.run(&["verify"]).succeeds();
}

#[test]
fn votes_that_are_cast_at_once_all_arrive() {
    let agent = Agent::in_staging();
    let votes = [("ben", "environment-admin"), ("sam", "security"), ("kim", "security")];
    let start = |(person, role): (&str, &str)| {
        let words = ["approve", "--env", "production", "--person", person, "--role", role];
        agent.command(&words).stdout(Stdio::null()).spawn().unwrap()
    };
    let running: Vec<_> = votes.map(start).into_iter().collect();
    for mut voter in running {
        assert!(voter.wait().unwrap().success());
    }
    agent.promote("production").succeeds();
}
