//! Environment markers of requirements files, as `sys_platform != 'win32' and python_version < '3.13'` [the dependency
//! specifiers of the Python Packaging User Guide]. A marker that it cannot read counts as true: a package too many is
//! better than one too few.

use super::platform::Platform;

/// Whether a marker holds on a platform with CPython 3.`minor`.
pub(super) fn holds(marker: &str, platform: &Platform, minor: u32) -> bool {
    let text = marker.replace(['(', ')'], " ");
    text.split(" or ").any(|all| {
        all.split(" and ")
            .all(|one| comparison(one.trim(), platform, minor))
    })
}

fn comparison(text: &str, platform: &Platform, minor: u32) -> bool {
    let Some((variable, operator, literal)) = parts(text) else {
        return true;
    };
    let value = match variable {
        "sys_platform" => platform.os,
        "platform_system" => platform.system,
        "platform_machine" => platform.machine,
        "os_name" if platform.os == "win32" => "nt",
        "os_name" => "posix",
        "platform_python_implementation" => "CPython",
        "implementation_name" => "cpython",
        "python_version" | "python_full_version" => return version(operator, literal, minor),
        _ => return true,
    };
    match operator {
        "==" => value == literal,
        "!=" => value != literal,
        "in" => literal.contains(value),
        "not in" => !literal.contains(value),
        _ => true,
    }
}

/// Variable, operator and literal.
fn parts(text: &str) -> Option<(&str, &str, &str)> {
    let (left, rest) = text.split_once(['\'', '"'])?;
    let literal = rest.trim_end().trim_end_matches(['\'', '"']);
    let (variable, operator) = left.trim().split_once(' ').or_else(|| {
        let at = left.find(['=', '!', '<', '>'])?;
        Some(left.split_at(at))
    })?;
    Some((variable.trim(), operator.trim(), literal))
}

/// Compares 3.`minor` with a version's first two numbers.
fn version(operator: &str, literal: &str, minor: u32) -> bool {
    let mut numbers = literal.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let wanted = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    let found = (3, minor);
    match operator {
        "<" => found < wanted,
        "<=" => found <= wanted,
        ">" => found > wanted,
        ">=" => found >= wanted,
        "==" => found == wanted,
        "!=" => found != wanted,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::super::platform::PLATFORMS;
    use super::holds;

    #[test]
    fn markers_hold_on_the_right_platforms() {
        let (linux, windows) = (&PLATFORMS[0], &PLATFORMS[5]);
        for (marker, on_linux, on_windows) in [
            ("sys_platform == 'win32'", false, true),
            ("sys_platform != \"win32\"", true, false),
            ("implementation_name != 'pypy'", true, true),
            (
                "platform_python_implementation != 'PyPy' and sys_platform != 'cygwin' and sys_platform != 'win32'",
                true,
                false,
            ),
            (
                "platform_system == 'Windows' or platform_machine == 'aarch64'",
                false,
                true,
            ),
            ("python_full_version >= '3.13'", false, false),
            ("python_version < '3.12'", true, true),
            ("python_version>='3.10' and os_name == 'posix'", true, false),
            ("extra == 'nobody knows'", true, true),
        ] {
            assert_eq!(holds(marker, linux, 11), on_linux, "{marker} on linux");
            assert_eq!(holds(marker, windows, 11), on_windows, "{marker} on windows");
        }
    }
}
