using System.Globalization;

namespace Swan.Cli.Tests.Slurm;

/// <summary>A swan that Slurm's tasks find, and that dies at named points of a shard: as often as there are files that say so.</summary>
/// <remarks>
/// A file is taken by whichever task is first. Where the task ends without having come to the point (another one has ended the run, say),
/// the file is put back.
/// </remarks>
internal sealed class KillingSwan
{
    private readonly string _left, _taken, _log;

    public KillingSwan(SlurmCluster slurm, string folder, string images, string output)
    {
        _left = Directory.CreateDirectory(Path.Combine(folder, "kills")).FullName;
        _taken = Directory.CreateDirectory(Path.Combine(folder, "taken")).FullName;
        _log = Path.Combine(folder, "killed");
        File.WriteAllText(_log, "");
        slurm.Program("swan",
            $$"""
            #!/bin/sh
            real() { dotnet {{SwanProcess.Program}} "$@"; }
            [ "$2" = run ] || { real "$@"; exit; }
            trap : TERM # it is for swan, which gets it, too
            taken={{_taken}}/$SLURM_JOB_ID-$$
            while kill=$(ls {{_left}} | head -n 1) && [ -n "$kill" ]; do mv "{{_left}}/$kill" "$taken" 2>/dev/null && break; done
            run=$(ls {{output}}/runs | tail -n 1)
            record=$(printf '{{output}}/runs/%s/records/%05d.json' "$run" "$SLURM_ARRAY_TASK_ID")
            image=$(zcat "{{output}}/runs/$run/inputs/$(basename "$record" .json).jsonl.gz" | sed -n '2s/.*"key":"\([^"]*\)".*/\1/p')
            at() { strace -f -qq -o /dev/null -P "$1" -e trace=$2 -e inject=$2:signal=KILL dotnet {{SwanProcess.Program}} $job; }
            job=$*
            case ${kill#*-} in
              begin) at {{output}}/job.json openat ;;
              read) at "{{images}}/$image" read,pread64 ;;
              parquet) at "{{output}}/embeddings/$run" openat ;;
              record) at "$record" link ;;
              recorded) at "{{output}}/runs/$run/records" fsync ;;
              outcome) at "{{output}}/outcomes/${run%-*}.json" link ;;
              ended) at {{output}}/outcomes fsync ;;
              any) timeout -s KILL "0.$(shuf -i 100-999 -n 1)" dotnet {{SwanProcess.Program}} "$@" ;;
              orphan) echo "$SLURMD_NODENAME" > "{{folder}}/orphan"; sleep 12; real "$@" ;;
              *) real "$@" ;;
            esac
            code=$?
            [ -n "$kill" ] || exit $code
            if [ $code -eq 137 ] || [ "${kill#*-}" = orphan ]
            then echo "${kill#*-} $code" >> {{_log}}; rm "$taken"
            else mv "$taken" "{{_left}}/$kill"
            fi
            exit $code
            """);
    }

    /// <summary>Points of a shard's work, in their order: of each, what has not happened by then.</summary>
    public static IReadOnlyList<(string Name, string Meaning)> Points { get; } =
    [
        ("begin", "before anything is written"),
        ("read", "while an image is read"),
        ("parquet", "the Parquet file is there, the record isn't"),
        ("record", "all files are there, the record isn't"),
        ("recorded", "the record is there"),
        ("outcome", "all records are there, the outcome isn't"),
        ("ended", "the outcome is there"),
        ("any", "at random"),
    ];

    /// <summary>What has happened so far: a point and an exit code each.</summary>
    public string[] Log => File.ReadAllLines(_log);

    public int Kills => Log.Count(line => line.EndsWith(" 137", StringComparison.Ordinal));

    /// <summary>Orders kills: the next tasks die so.</summary>
    public void Order(IEnumerable<string> points)
    {
        foreach (string old in Directory.GetFiles(_left)) File.Delete(old);
        int number = 0;
        foreach (string point in points) File.WriteAllText(Path.Combine(_left, string.Create(
            CultureInfo.InvariantCulture, $"{number++:D4}-{point}")), "");
    }
}
