//! Builds again when a domain folder gains or loses a file: the folders are embedded in the binary.

fn main() {
    for folder in ["contenders", "scenarios", "claims", "briefs"] {
        println!("cargo:rerun-if-changed=../../{folder}");
    }
}
