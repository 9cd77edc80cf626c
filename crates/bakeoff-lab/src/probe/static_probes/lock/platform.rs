//! The usual platforms: operating systems × processors, in the words of npm's locks and of wheels' file names. Seven:
//! those of servers and of developers' machines.

/// One operating system on one processor.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Platform {
    pub(super) name: &'static str,
    /// `os` of npm.
    pub(super) os: &'static str,
    /// `cpu` of npm.
    pub(super) cpu: &'static str,
    /// `libc` of npm, on Linux.
    pub(super) libc: Option<&'static str>,
    /// The beginning of the platform tag of its wheels.
    wheel: &'static str,
    /// The possible ends of that tag.
    machines: &'static [&'static str],
    /// `sys_platform` of environment markers is npm's word; `platform_system` and `platform_machine` are
    /// these.
    pub(super) system: &'static str,
    pub(super) machine: &'static str,
}

/// Every platform.
pub(super) const PLATFORMS: &[Platform] = &[
    Platform {
        name: "linux-x64",
        os: "linux",
        cpu: "x64",
        libc: Some("glibc"),
        wheel: "manylinux",
        machines: &["x86_64"],
        system: "Linux",
        machine: "x86_64",
    },
    Platform {
        name: "linux-arm64",
        os: "linux",
        cpu: "arm64",
        libc: Some("glibc"),
        wheel: "manylinux",
        machines: &["aarch64"],
        system: "Linux",
        machine: "aarch64",
    },
    Platform {
        name: "linux-x64-musl",
        os: "linux",
        cpu: "x64",
        libc: Some("musl"),
        wheel: "musllinux",
        machines: &["x86_64"],
        system: "Linux",
        machine: "x86_64",
    },
    Platform {
        name: "macos-arm64",
        os: "darwin",
        cpu: "arm64",
        libc: None,
        wheel: "macosx",
        machines: &["arm64", "universal2"],
        system: "Darwin",
        machine: "arm64",
    },
    Platform {
        name: "macos-x64",
        os: "darwin",
        cpu: "x64",
        libc: None,
        wheel: "macosx",
        machines: &["x86_64", "universal2", "intel"],
        system: "Darwin",
        machine: "x86_64",
    },
    Platform {
        name: "windows-x64",
        os: "win32",
        cpu: "x64",
        libc: None,
        wheel: "win",
        machines: &["amd64"],
        system: "Windows",
        machine: "AMD64",
    },
    Platform {
        name: "windows-arm64",
        os: "win32",
        cpu: "arm64",
        libc: None,
        wheel: "win",
        machines: &["arm64"],
        system: "Windows",
        machine: "ARM64",
    },
];

impl Platform {
    /// The platform of this machine.
    pub(super) fn here() -> Option<&'static Platform> {
        let os = match std::env::consts::OS {
            "macos" => "darwin",
            "windows" => "win32",
            other => other,
        };
        let cpu = match std::env::consts::ARCH {
            "x86_64" => "x64",
            "aarch64" => "arm64",
            other => other,
        };
        let libc = (os == "linux").then_some(if cfg!(target_env = "musl") {
            "musl"
        } else {
            "glibc"
        });
        PLATFORMS
            .iter()
            .find(|platform| platform.os == os && platform.cpu == cpu && platform.libc == libc)
    }

    /// Whether a wheel with this platform tag installs here.
    pub(super) fn takes(&self, tag: &str) -> bool {
        tag == "any"
            || (tag.starts_with(self.wheel) && self.machines.iter().any(|machine| tag.ends_with(machine)))
    }
}

#[cfg(test)]
mod tests {
    use super::PLATFORMS;

    fn takers(tag: &str) -> Vec<&str> {
        PLATFORMS
            .iter()
            .filter(|platform| platform.takes(tag))
            .map(|platform| platform.name)
            .collect()
    }

    #[test]
    fn a_platform_takes_wheels_with_its_tags() {
        assert_eq!(takers("any").len(), PLATFORMS.len());
        assert_eq!(takers("manylinux_2_17_x86_64"), ["linux-x64"]);
        assert_eq!(takers("manylinux2014_aarch64"), ["linux-arm64"]);
        assert_eq!(takers("musllinux_1_2_x86_64"), ["linux-x64-musl"]);
        assert_eq!(takers("macosx_11_0_arm64"), ["macos-arm64"]);
        assert_eq!(takers("macosx_10_9_universal2"), ["macos-arm64", "macos-x64"]);
        assert_eq!(takers("win_amd64"), ["windows-x64"]);
        assert_eq!(takers("win_arm64"), ["windows-arm64"]);
        assert_eq!(takers("win32"), [""; 0]);
        assert_eq!(takers("manylinux_2_17_i686"), [""; 0]);
    }
}
