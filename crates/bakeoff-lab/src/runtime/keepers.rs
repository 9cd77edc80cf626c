//! Where people keep several versions of a runtime: version managers, each with the folders that its documentation
//! names, and folders of the system. It searches none of them.

use super::{Folder, Keeper};

/// A version manager that keeps several languages, at the usual places.
const fn mise(programs: &'static str) -> Keeper {
    Keeper {
        name: "mise",
        folders: &[
            Folder::Variable("MISE_DATA_DIR", ""),
            Folder::Variable("XDG_DATA_HOME", "mise"),
            Folder::Home(".local/share/mise"),
        ],
        programs,
    }
}

const fn asdf(programs: &'static str) -> Keeper {
    Keeper {
        name: "asdf",
        folders: &[Folder::Variable("ASDF_DATA_DIR", ""), Folder::Home(".asdf")],
        programs,
    }
}

/// Those of Node.js.
pub(crate) const NODE: &[Keeper] = &[
    Keeper {
        name: "nvm",
        folders: &[
            Folder::Variable("NVM_DIR", ""),
            Folder::Variable("XDG_CONFIG_HOME", "nvm"),
            Folder::Home(".nvm"),
        ],
        programs: "versions/node/*/bin/node",
    },
    Keeper {
        name: "fnm",
        folders: &[
            Folder::Variable("FNM_DIR", ""),
            Folder::Variable("XDG_DATA_HOME", "fnm"),
            Folder::Home(".local/share/fnm"),
            Folder::Home(".fnm"),
        ],
        programs: "node-versions/*/installation/bin/node",
    },
    Keeper {
        name: "volta",
        folders: &[Folder::Variable("VOLTA_HOME", ""), Folder::Home(".volta")],
        programs: "tools/image/node/*/bin/node",
    },
    mise("installs/node/*/bin/node"),
    asdf("installs/nodejs/*/bin/node"),
    Keeper {
        name: "nodenv",
        folders: &[Folder::Variable("NODENV_ROOT", ""), Folder::Home(".nodenv")],
        programs: "versions/*/bin/node",
    },
    Keeper {
        name: "n",
        folders: &[
            Folder::Variable("N_PREFIX", "n"),
            Folder::Home("n/n"),
            Folder::System("/usr/local/n"),
        ],
        programs: "versions/node/*/bin/node",
    },
];

/// Those of Python.
pub(crate) const PYTHON: &[Keeper] = &[
    Keeper {
        name: "pyenv",
        folders: &[Folder::Variable("PYENV_ROOT", ""), Folder::Home(".pyenv")],
        programs: "versions/*/bin/python",
    },
    mise("installs/python/*/bin/python"),
    asdf("installs/python/*/bin/python"),
    Keeper {
        name: "uv",
        folders: &[
            Folder::Variable("UV_PYTHON_INSTALL_DIR", ""),
            Folder::Variable("XDG_DATA_HOME", "uv/python"),
            Folder::Home(".local/share/uv/python"),
        ],
        programs: "*/bin/python",
    },
];

/// Those of the JVM.
pub(crate) const JAVA: &[Keeper] = &[
    Keeper {
        name: "JAVA_HOME",
        folders: &[Folder::Variable("JAVA_HOME", "")],
        programs: "bin/java",
    },
    Keeper {
        name: "system",
        folders: &[Folder::System("/usr/lib/jvm")],
        programs: "*/bin/java",
    },
    Keeper {
        name: "SDKMAN",
        folders: &[
            Folder::Variable("SDKMAN_CANDIDATES_DIR", ""),
            Folder::Variable("SDKMAN_DIR", "candidates"),
            Folder::Home(".sdkman/candidates"),
        ],
        programs: "java/*/bin/java",
    },
    mise("installs/java/*/bin/java"),
    asdf("installs/java/*/bin/java"),
];
