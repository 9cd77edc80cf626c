//! What a runtime prints of itself at its start, as facts of the launch: a column of a language's row. The manifest
//! makes it print them; it starts nothing.

/// The collectors of HotSpot, by the flag that `-XX:+PrintCommandLineFlags` prints for the one in use.
const COLLECTORS: [(&str, &str); 6] = [
    ("-XX:+UseSerialGC", "Serial"),
    ("-XX:+UseParallelGC", "Parallel"),
    ("-XX:+UseG1GC", "G1"),
    ("-XX:+UseZGC", "Z"),
    ("-XX:+UseShenandoahGC", "Shenandoah"),
    ("-XX:+UseEpsilonGC", "Epsilon"),
];

/// The garbage collector that HotSpot chose, the processors that it saw, and the largest heap: from the lines that
/// `-XX:+PrintCommandLineFlags` and `-Xlog:gc+init` print. Its choice follows from the processors and the memory.
pub(super) fn of_hotspot(log: &str) -> Vec<String> {
    let collector = COLLECTORS.iter().find_map(|(flag, name)| {
        let is_used = log.split_whitespace().any(|word| word == *flag);
        is_used.then(|| format!("{name} collector"))
    });
    let processors = after(log, "[gc,init] CPUs: ").and_then(|rest| {
        let (total, rest) = rest.split_once(" total, ")?;
        let (total, seen): (u32, u32) = (total.parse().ok()?, rest.split(' ').next()?.parse().ok()?);
        Some(format!("{seen} of {total} processors"))
    });
    let heap = after(log, "[gc,init] Heap Max Capacity: ").map(|rest| {
        let size = rest.trim().replace('G', " GiB").replace('M', " MiB");
        format!("a heap of at most {size}")
    });
    [collector, processors, heap].into_iter().flatten().collect()
}

/// The rest of the line in which a text stands.
fn after<'l>(log: &'l str, text: &str) -> Option<&'l str> {
    log.lines().find_map(|line| Some(line.split_once(text)?.1))
}

#[cfg(test)]
mod tests {
    use super::of_hotspot;

    #[test]
    fn the_collector_the_processors_and_the_heap_are_read() {
        let log = "-XX:InitialHeapSize=394945472 -XX:+PrintCommandLineFlags -XX:+UseCompressedOops -XX:+UseSerialGC \n\
                   [0.009s][info][gc,init] Version: 25.0.3+9-LTS (release)\n\
                   [0.009s][info][gc,init] CPUs: 2 total, 1 available\n\
                   [0.009s][info][gc,init] Heap Max Capacity: 6028M\nready\n";
        assert_eq!(
            of_hotspot(log),
            [
                "Serial collector",
                "1 of 2 processors",
                "a heap of at most 6028 MiB"
            ]
        );
        assert_eq!(of_hotspot("Listening on port 80\n"), [""; 0]);
    }
}
