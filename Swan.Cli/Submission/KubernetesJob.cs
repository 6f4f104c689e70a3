using System.Globalization;
using System.Text;
using Swan.Batch;

namespace Swan.Cli.Submission;

/// <summary>An indexed Job of Kubernetes: <c>kubectl create -f FILE</c>.</summary>
/// <remarks>
/// The control plane says each pod its number (JOB_COMPLETION_INDEX). Exit codes that no rule names count as failures of the index and
/// are tried again.
/// </remarks>
internal static class KubernetesJob
{
    private const int MostPods = 16, DefaultCpus = 4;

    // Of the images of .NET, and of the Containerfile.
    private const int User = 1654;

    /// <exception cref="SwanBatchException">A folder can't be mounted.</exception>
    public static string Write(PlannedRun run)
    {
        int cpus = run.Threads ?? DefaultCpus;
        return $$"""
            # {{run.Title}}.
            # Yours to set: image, parallelism, resources, and how pods get credentials and folders.
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: {{run.Name}}
              labels:
                app.kubernetes.io/name: swan
            spec:
              completionMode: Indexed
              completions: {{run.Shards}}
              parallelism: {{Math.Min(run.Shards, MostPods)}}
              backoffLimitPerIndex: {{PlannedRun.Retries}}
              podFailurePolicy:
                rules:
                  - action: Ignore # evicted: not the shard's fault
                    onPodConditions:
                      - type: DisruptionTarget
                        status: "True"
                  - action: FailJob # all shards would end so
                    onExitCodes:
                      operator: In
                      values: [{{BatchExitCode.Failed}}, {{BatchExitCode.Usage}}]
                  - action: FailIndex # trying again changes nothing
                    onExitCodes:
                      operator: In
                      values: [{{BatchExitCode.TooManyBadRows}}, {{BatchExitCode.Defect}}]
              template:
                metadata:
                  labels:
                    app.kubernetes.io/name: swan
                spec:
                  restartPolicy: Never
                  terminationGracePeriodSeconds: 60
                  automountServiceAccountToken: false
                  securityContext:
                    runAsNonRoot: true
                    runAsUser: {{User}}
                    runAsGroup: {{User}}
                    fsGroup: {{User}}
                    seccompProfile:
                      type: RuntimeDefault
                  containers:
                    - name: swan
                      image: registry.invalid/swan:latest
                      command: [swan]
                      args:
                        - job
                        - run
            {{Lines(run.Arguments.Select(word => $"            - {Argument(word)}"))}}
                      resources:
                        requests:
                          cpu: {{cpus}}
                          memory: 4Gi
                        limits:
                          cpu: {{cpus}}
                          memory: 4Gi
                      securityContext:
                        allowPrivilegeEscalation: false
                        readOnlyRootFilesystem: true
                        capabilities:
                          drop: [ALL]
                      volumeMounts:
                        - name: tmp
                          mountPath: /tmp
            {{Lines(run.Folders.SelectMany(Mount))}}
                  volumes:
                    - name: tmp
                      emptyDir:
                        sizeLimit: 4Gi
            {{Lines(run.Folders.SelectMany(Volume))}}

            """.Replace("\n\n", "\n", StringComparison.Ordinal);
    }

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines);

    // $(NAME) in arguments is a variable's value, and $$ a dollar.
    private static string Argument(string word) => YamlText.Quoted(word.Replace("$", "$$", StringComparison.Ordinal));

    private static IEnumerable<string> Mount(NeededFolder folder, int number)
    {
        if (folder.Path.Contains(':', StringComparison.Ordinal)) throw new SwanBatchException(
            $"Kubernetes can't mount '{folder.Path}': its paths can't contain ':'. Choose another folder, or a store.");
        yield return $"            - name: folder-{number}";
        yield return $"              mountPath: {YamlText.Quoted(folder.Path)}";
        if (!folder.IsWritten) yield return "              readOnly: true";
    }

    private static IEnumerable<string> Volume(NeededFolder folder, int number) =>
    [
        $"        - name: folder-{number} # claim what holds {YamlText.Quoted(folder.Path)}",
        "          persistentVolumeClaim:",
        $"            claimName: your-claim-{number}",
    ];
}
