//! Puts the files of `examples/starters` into the program, so that a template
//! needs neither a network nor a checkout.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let starters = manifest.join("../../examples/starters").canonicalize()?;
    println!("cargo::rerun-if-changed={}", starters.display());
    let mut code = String::from("&[\n");
    for folder in entries(&starters)?.into_iter().filter(|path| path.is_dir()) {
        let mut files = Vec::new();
        collect(&folder, &mut files)?;
        let _ = writeln!(code, "    ({:?}, &[", name(&folder));
        for file in files {
            let inside = file.strip_prefix(&folder).unwrap_or(&file);
            let _ = writeln!(code, "        ({inside:?}, include_bytes!({file:?})),");
        }
        code += "    ]),\n";
    }
    code += "]\n";
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("templates.rs"), code)
}

/// Every file below a folder, by name, less state that a run leaves behind.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for path in entries(folder)? {
        let is_state = name(&path).starts_with('.') || name(&path) == "behavior.lock";
        match path.is_dir() {
            _ if is_state => {}
            true => collect(&path, files)?,
            false => files.push(path),
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths: Vec<_> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
