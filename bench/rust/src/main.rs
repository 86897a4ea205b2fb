//! The work of `bench/rows/work.mjs` with the official Rust SDK. What to do, how often and where comes by the environment, the
//! same as for all others there; prints one JSON line.
use std::error::Error;
use std::fs;
use std::time::Instant;

use rerun::{Points3D, RecordingStream, RecordingStreamBuilder, Scalars, TextLog, TimeCell, TimeColumn};

type Outcome<T> = Result<T, Box<dyn Error>>;

struct Work {
    kind: String,
    folder: String,
    entities: usize,
    steps: usize,
    rows: usize,
    /// Between two steps; 0: as fast as it goes.
    step_micros: u64,
}

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Seconds of CPU: of all threads, or of the one that asks.
fn cpu(clock: libc::clockid_t) -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    unsafe { libc::clock_gettime(clock, &mut time) };
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Clocks of one round: until the last call has returned, and until the file is closed.
struct Watch {
    wall: Instant,
    all: f64,
    mine: f64,
    called: Option<(f64, f64)>,
}

impl Watch {
    fn start() -> Self {
        Self {
            wall: Instant::now(),
            all: cpu(libc::CLOCK_PROCESS_CPUTIME_ID),
            mine: cpu(libc::CLOCK_THREAD_CPUTIME_ID),
            called: None,
        }
    }

    fn calls_done(&mut self) {
        self.called = Some((self.wall.elapsed().as_secs_f64(), cpu(libc::CLOCK_THREAD_CPUTIME_ID) - self.mine));
    }

    fn json(&self, bytes: u64) -> String {
        let (call_wall, call_cpu) = self.called.unwrap_or_default();
        format!(
            r#"{{"callWall":{call_wall},"callCpu":{call_cpu},"wall":{},"cpu":{},"bytes":{bytes}}}"#,
            self.wall.elapsed().as_secs_f64(),
            cpu(libc::CLOCK_PROCESS_CPUTIME_ID) - self.all
        )
    }
}

/// Nanoseconds of every call, where somebody wants to know.
struct Calls(Option<Vec<u64>>);

impl Calls {
    fn time<T>(&mut self, call: impl FnOnce() -> T) -> T {
        let Some(all) = &mut self.0 else { return call() };
        let begun = Instant::now();
        let result = call();
        all.push(begun.elapsed().as_nanos() as u64);
        result
    }

    fn json(self) -> String {
        let mut all = self.0.unwrap_or_default();
        all.sort_unstable();
        let at = |part: f64| all.get((part * (all.len() as f64 - 1.0)) as usize).copied().unwrap_or(0);
        format!(r#"{{"p50":{},"p999":{},"max":{}}}"#, at(0.5), at(0.999), at(1.0))
    }
}

fn open(path: &str) -> Outcome<RecordingStream> {
    Ok(RecordingStreamBuilder::new("bench").save(path)?)
}

fn close(recording: RecordingStream) -> Outcome<()> {
    recording.flush_blocking()?;
    recording.disconnect();
    Ok(())
}

/// Uniform numbers that no compressor makes anything of, the same in every language.
struct Noise(u32);

impl Noise {
    fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0
    }

    fn unit(&mut self) -> f32 {
        (self.next() >> 8) as f32 / (1 << 24) as f32
    }
}

fn scalars(work: &Work, recording: &RecordingStream, values: &[f64], calls: &mut Calls) -> Outcome<()> {
    let paths: Vec<String> = (0..work.entities).map(|i| format!("sensor/{i}")).collect();
    let begun = Instant::now();
    for step in 0..work.steps {
        if work.step_micros > 0 {
            let due = std::time::Duration::from_micros(work.step_micros * step as u64);
            if let Some(rest) = due.checked_sub(begun.elapsed()) {
                std::thread::sleep(rest);
            }
        }
        recording.set_time("frame", TimeCell::from_sequence(step as i64));
        for (i, path) in paths.iter().enumerate() {
            let value = values[(step * 7 + i * 131) & 65535];
            calls.time(|| recording.log(path.as_str(), &Scalars::single(value)))?;
        }
    }
    Ok(())
}

fn text(work: &Work, recording: &RecordingStream, calls: &mut Calls) -> Outcome<()> {
    let lines: Vec<String> =
        (0..20_000).map(|i| format!("GET /api/items/{i:05} finished with status 200 in {:03}.{} ms", i % 977, i % 10)).collect();
    for row in 0..work.rows {
        if row % 100 == 0 {
            recording.set_time("frame", TimeCell::from_sequence((row / 100) as i64));
        }
        let line = lines[row % lines.len()].as_str();
        calls.time(|| recording.log("logs", &TextLog::new(line).with_level("INFO")))?;
    }
    Ok(())
}

type Batch = (Vec<i64>, Vec<f64>);

fn batches(work: &Work, values: &[f64]) -> Vec<Batch> {
    let batch = |no: usize| {
        let frames: Vec<i64> = (0..work.rows).map(|row| (no * work.rows + row) as i64).collect();
        let scalars = frames.iter().map(|frame| values[(*frame as usize * 7) & 65535]).collect();
        (frames, scalars)
    };
    (0..work.steps).map(batch).collect()
}

fn columns(batches: Vec<Batch>, recording: &RecordingStream, calls: &mut Calls) -> Outcome<()> {
    for (frames, scalars) in batches {
        calls.time(|| -> Outcome<()> {
            let columns = Scalars::new(scalars).columns_of_unit_batches()?;
            Ok(recording.send_columns("signal", [TimeColumn::new_sequence("frame", frames)], columns)?)
        })?;
    }
    Ok(())
}

fn points(work: &Work, recording: &RecordingStream, calls: &mut Calls) -> Outcome<()> {
    let mut noise = Noise(1);
    let clouds: Vec<_> = (0..40)
        .map(|_| {
            let positions: Vec<[f32; 3]> = (0..1000).map(|_| [noise.unit(), noise.unit(), noise.unit()]).collect();
            let colors: Vec<u32> = (0..1000).map(|_| noise.next()).collect();
            let radii: Vec<f32> = (0..1000).map(|_| noise.unit()).collect();
            (positions, colors, radii)
        })
        .collect();
    for row in 0..work.rows {
        recording.set_time("frame", TimeCell::from_sequence(row as i64));
        let (positions, colors, radii) = &clouds[row % clouds.len()];
        calls.time(|| {
            let cloud = Points3D::new(positions.iter().copied());
            recording.log("cloud", &cloud.with_colors(colors.iter().copied()).with_radii(radii.iter().copied()))
        })?;
    }
    Ok(())
}

/// Many small recordings, each its own file; a call is all of one of them.
fn recordings(work: &Work, round: usize, values: &[f64], calls: &mut Calls) -> Outcome<()> {
    for no in 0..work.steps {
        calls.time(|| -> Outcome<()> {
            let recording = open(&format!("{}/{round}/{no}.rrd", work.folder))?;
            for row in 0..work.rows {
                recording.set_time("frame", TimeCell::from_sequence(row as i64));
                recording.log("value", &Scalars::single(values[(no + row * 7) & 65535]))?;
            }
            close(recording)
        })?;
    }
    Ok(())
}

fn bytes_in(folder: &str) -> Outcome<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        bytes += entry?.metadata()?.len();
    }
    Ok(bytes)
}

/// Files of the round before go, those of the last stay; but ext4 passes over the inode of each file that has ended within five
/// seconds, so that a thousand of them would be what is measured.
fn round(work: &Work, no: usize, values: &[f64], calls: &mut Calls) -> Outcome<String> {
    if no > 0 && work.kind != "recordings" {
        fs::remove_dir_all(format!("{}/{}", work.folder, no - 1))?;
    }
    let folder = format!("{}/{no}", work.folder);
    fs::create_dir_all(&folder)?;
    let file = format!("{folder}/run.rrd");
    let recording = if work.kind == "recordings" { None } else { Some(open(&file)?) };
    let batches = if work.kind == "columns" { batches(work, values) } else { Vec::new() };
    let mut watch = Watch::start();
    match (work.kind.as_str(), &recording) {
        ("scalars", Some(recording)) => scalars(work, recording, values, calls)?,
        ("text", Some(recording)) => text(work, recording, calls)?,
        ("columns", Some(recording)) => columns(batches, recording, calls)?,
        ("points", Some(recording)) => points(work, recording, calls)?,
        ("recordings", _) => recordings(work, no, values, calls)?,
        (other, _) => return Err(format!("{other} is no work").into()),
    }
    watch.calls_done();
    if let Some(recording) = recording {
        close(recording)?;
    }
    Ok(watch.json(bytes_in(&folder)?))
}

fn main() -> Outcome<()> {
    let work = Work {
        kind: std::env::var("WORK")?,
        folder: std::env::var("FOLDER")?,
        entities: number("ENTITIES", 600),
        steps: number("STEPS", 1000),
        rows: number("ROWS", 1000),
        step_micros: number("STEP_MICROS", 0) as u64,
    };
    let values: Vec<f64> = (0..65536).map(|i| (f64::from(i) / 100.0).sin()).collect();
    let rounds = number("ROUNDS", 3);
    let mut results = Vec::new();
    for no in 0..rounds {
        results.push(round(&work, no, &values, &mut Calls(None))?);
    }
    let mut calls = Calls(Some(Vec::new()));
    if number("TIMED", 1) != 0 {
        round(&work, rounds, &values, &mut calls)?;
    }
    let (cold, warm) = (&results[0], &results[rounds - 1]);
    println!(r#"{{"cold":{cold},"warm":{warm},"calls":{}}}"#, calls.json());
    Ok(())
}
