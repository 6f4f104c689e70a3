using Swan.Batch;

namespace Swan.Cli.Submission;

/// <summary>A job array of Slurm.</summary>
/// <remarks>
/// Tests run it with Slurm. After 'scancel', a requeued task would come back, so its state is checked. 'sh FILE' of an earlier run
/// submits nothing: the status is of another one.
/// </remarks>
internal static class SlurmScript
{
    // MaxArraySize is 1001 where no administrator has said more, and indexes are below it.
    private const int MostTasks = 1000;

    // Preemptions and failed nodes count, too.
    private const int MostRestarts = 20;

    public static string Write(PlannedRun run)
    {
        int tasks = Math.Min(run.Shards, MostTasks);
        string threads = run.Threads is { } some ? $"\n#SBATCH --cpus-per-task={some}" : "";
        return $$"""
            #!/bin/sh
            # {{run.Title}}.
            # 'sbatch FILE' submits all, 'sh FILE' those that are left. Both take options of sbatch, such as --partition, --time and --mem.
            #SBATCH --job-name={{run.Name}}
            #SBATCH --array=0-{{tasks - 1}}
            #SBATCH --requeue
            #SBATCH --open-mode=append
            #SBATCH --signal=B:TERM@120{{threads}}

            if [ -z "$SLURM_ARRAY_TASK_ID" ]; then
              status=$(swan job status {{ShellText.Quoted(run.StoreOptions.Prepend(run.Output))}}); code=$?
              [ "$code" -eq {{BatchExitCode.TryAgain}} ] || { printf '%s\n' "$status"; exit "$code"; }
              printf '%s\n' "$status" | grep -q '^run {{run.Number}}: ' ||
                { echo "This is run {{run.Number}}, which has ended. Another one is planned."; exit {{BatchExitCode.Failed}}; }
              # Slurm's arrays are short: task K does the shards K, K + {{tasks}}, and so on.
              left=$(printf '%s\n' "$status" | sed -n 's/^left: //p' | tr , '\n' | awk -F- '
                { for (i = $1 + 0; i <= $NF + 0; i++) task[i % {{tasks}}] = 1 }
                END { for (i = 0; i < {{tasks}}; i++) if (i in task) { printf "%s%d", comma, i; comma = "," } }')
              exec sbatch --array="$left" "$@" "$0"
            fi

            child='' stopped=''
            trap 'stopped=1; [ -z "$child" ] || kill -TERM "$child" 2>/dev/null' TERM
            swan job run {{ShellText.Quoted(run.Arguments)}} --shard "$SLURM_ARRAY_TASK_ID-{{run.Shards - 1}}:{{tasks}}" & child=$!
            [ -z "$stopped" ] || kill -TERM "$child"
            wait "$child"; code=$?
            # A signal ends the wait, not swan. 127: how swan ended was told before.
            while [ -n "$stopped" ]; do
              stopped=''; wait "$child"; again=$?
              [ "$again" -eq 127 ] || code=$again
            done

            task=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID
            case $code in
              {{BatchExitCode.InputOutput}} | {{BatchExitCode.TryAgain}})
                # Not after scancel: the task would come back.
                if [ "${SLURM_RESTART_COUNT:-0}" -lt {{MostRestarts}} ] && [ "$(squeue -h -j "$task" -o %T)" = RUNNING ]; then
                  scontrol requeue "$task"
                fi ;;
            esac
            exit "$code"

            """;
    }
}
