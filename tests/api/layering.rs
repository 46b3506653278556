//! One direction of dependency: a folder uses what stands to its right, through its mod.rs only.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Leftmost first; what stands in one row may use its neighbours.
const ORDER: &[&[&str]] = &[
    &["main", "cli"],
    &["demo"],
    &["http"],
    &["integration"],
    &["reports"],
    &["scoring"],
    &["opinions"],
    &["issues"],
    &["handling"],
    &["records"],
    &["plans"],
    &["chain"],
    &["catalogue"],
    &["auth"],
    &["journal"],
    &["db"],
    &["web"],
    &["error", "ids", "codes", "clock", "workdays", "page", "config"],
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn room_of(path: &Path) -> String {
    let inside = path.strip_prefix("src").unwrap();
    inside.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned()
}

/// Every `crate::room` that `text` names, also in `crate::{a, b::c}`, without comments.
fn rooms_named(text: &str) -> Vec<String> {
    let code: String =
        text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut rooms = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let (mut depth, mut word, mut fresh) = (1, String::new(), true);
            for c in list.chars() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 1 => fresh = true,
                    c if c.is_alphanumeric() || c == '_' => {
                        if fresh {
                            word.push(c);
                        }
                        continue;
                    }
                    _ => {}
                }
                if !word.is_empty() {
                    rooms.push(std::mem::take(&mut word));
                    fresh = false;
                }
                if c == ',' && depth == 1 {
                    fresh = true;
                }
                if depth == 0 {
                    break;
                }
            }
        } else {
            rooms.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    rooms
}

#[test]
fn a_room_uses_only_what_stands_to_its_right() {
    let rank: BTreeMap<&str, usize> = ORDER
        .iter()
        .enumerate()
        .flat_map(|(n, row)| row.iter().map(move |room| (*room, n)))
        .collect();
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    let mut wrong = Vec::new();
    for file in files {
        let room = room_of(&file);
        if room == "lib" {
            continue;
        }
        let here =
            *rank.get(room.as_str()).unwrap_or_else(|| panic!("{room} has no place in ORDER"));
        for named in rooms_named(&fs::read_to_string(&file).unwrap()) {
            match rank.get(named.as_str()) {
                Some(there) if *there < here => {
                    wrong.push(format!("{}: crate::{named}", file.display()))
                }
                None => wrong.push(format!("{}: crate::{named} is no room", file.display())),
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "against the direction:\n{}", wrong.join("\n"));
}

#[test]
fn the_reader_of_paths_finds_grouped_and_inline_ones() {
    assert_eq!(
        rooms_named("use crate::{db, web::Answer};\nlet x = crate::page::Page;"),
        ["db", "web", "page"]
    );
    assert!(rooms_named("/// see crate::http").is_empty());
}

#[test]
fn no_source_file_is_longer_than_400_lines() {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    sources(Path::new("tests"), &mut files);
    let long: Vec<String> = files
        .into_iter()
        .filter(|file| !file.ends_with("schema.rs") || file.starts_with("tests"))
        .filter_map(|file| {
            let lines = fs::read_to_string(&file).unwrap().lines().count();
            (lines > 400).then(|| format!("{lines} {}", file.display()))
        })
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}
