using System.ComponentModel;
using System.Text;
using k8s;
using k8s.Models;
using Swan.Batch;
using Swan.Cli.Submission;

namespace Swan.Cli.Tests.Submission;

/// <summary>The Job of <c>--kubernetes</c>. No cluster has run it: three readers look for what one would refuse.</summary>
public sealed class KubernetesJobTests
{
    private static readonly PlannedRun s_withFolders = Runs.Run(shards: 400, output: "/data/out", options: ["--threads", "3"]) with
    {
        Model = "/models/m.swan", Threads = 3,
        Folders = [new("/data/out", IsWritten: true), new("/models", IsWritten: false)],
    };

    [Theory]
    [MemberData(nameof(Runs.Paths), MemberType = typeof(Runs))]
    public void Whatever_is_in_a_path_gets_to_swan_as_it_is(string path)
    {
        PlannedRun run = Runs.Run(output: path) with { Model = path };
        V1Container container = Container(Read(KubernetesJob.Write(run)));
        Assert.Equal(["swan"], container.Command);
        Assert.Equal(["job", "run", path, "--model", path], container.Args.Select(Expanded));
        if (path.Contains(':', StringComparison.Ordinal)) return;
        run = run with { Folders = [new(path, IsWritten: true)] };
        Assert.Equal(path, Container(Read(KubernetesJob.Write(run))).VolumeMounts[^1].MountPath);
    }

    [Fact]
    public void Each_shard_is_an_index_and_exit_codes_say_whether_it_is_tried_again()
    {
        V1JobSpec spec = Read(KubernetesJob.Write(s_withFolders)).Spec;
        Assert.Equal(("Indexed", 400, 16, 6), (spec.CompletionMode, spec.Completions, spec.Parallelism, spec.BackoffLimitPerIndex));
        Assert.Equal(3, Read(KubernetesJob.Write(Runs.Run(shards: 3))).Spec.Parallelism);
        Assert.Equal(
            ["Ignore DisruptionTarget", "FailJob 1 2", "FailIndex 3 70"],
            spec.PodFailurePolicy.Rules.Select(rule =>
                $"{rule.Action} {string.Join(' ', rule.OnExitCodes?.Values.Select(code => $"{code}") ?? [rule.OnPodConditions[0].Type])}"));
        MustBeTakenByTheServer(spec);
    }

    [Fact]
    public void A_pod_may_do_as_little_as_possible_and_write_only_where_it_must()
    {
        V1PodSpec pod = Read(KubernetesJob.Write(s_withFolders)).Spec.Template.Spec;
        V1Container container = Container(Read(KubernetesJob.Write(s_withFolders)));
        Assert.True(pod.SecurityContext.RunAsNonRoot);
        Assert.NotEqual(0, pod.SecurityContext.RunAsUser);
        Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
        Assert.False(pod.AutomountServiceAccountToken);
        Assert.Equal(60, pod.TerminationGracePeriodSeconds);
        Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
        Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
        Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
        Assert.Equal(["cpu", "memory"], container.Resources.Requests.Keys.Order());
        Assert.Equal("3", container.Resources.Limits["cpu"].ToString());
        Assert.Equal(["/tmp", "/data/out", "/models"], container.VolumeMounts.Select(mount => mount.MountPath));
        Assert.Equal([null, null, true], container.VolumeMounts.Select(mount => mount.ReadOnlyProperty));
        Assert.Equal(container.VolumeMounts.Select(mount => mount.Name), pod.Volumes.Select(volume => volume.Name));
    }

    [Fact]
    public void A_folder_that_cannot_be_mounted_is_refused()
    {
        var refused = Assert.Throws<SwanBatchException>(
            () => KubernetesJob.Write(Runs.Run() with { Folders = [new("/a:b", IsWritten: true)] }));
        Assert.Contains("'/a:b'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Strict_readers_find_misspelt_fields()
    {
        string yaml = KubernetesJob.Write(Runs.Run());
        foreach (string field in (string[])["completionMode", "onExitCodes", "readOnlyRootFilesystem", "seccompProfile", "emptyDir"])
            Assert.ThrowsAny<Exception>(() => Read(yaml.Replace($"{field}:", $"{field}s:", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("", "", true)]
    [InlineData("restartPolicy: Never", "restartPolicy: Nevermind", false)]
    [InlineData("completionMode: Indexed", "completionMode: ByIndex", false)]
    [InlineData("action: FailJob", "action: FailAll", false)]
    [InlineData("type: RuntimeDefault", "type: Default", false)]
    public void Models_of_Kubernetes_take_every_value(string value, string other, bool right)
    {
        string yaml = KubernetesJob.Write(s_withFolders);
        if (value.Length > 0) yaml = yaml.Replace(value, other, StringComparison.Ordinal);
        string models = SharedFolder.Npm("node_modules/kubernetes-models");
        string script = $"const {{ Job }} = require('{models}/batch/v1'); new Job({KubernetesJson.Serialize(Read(yaml))}).validate();";
        (int code, string output, string errors) ended;
        try
        {
            ended = ChildProcess.Finish("node", ["-e", script]);
        }
        catch (Win32Exception e)
        {
            Assert.Skip($"there is no node: {e.Message}");
            return;
        }
        Assert.True(right == (ended.code == 0), $"{ended.code}\n{ended.output}\n{ended.errors}");
    }

    // What a server refuses, and neither reader finds.
    private static void MustBeTakenByTheServer(V1JobSpec spec)
    {
        Assert.Equal("Never", spec.Template.Spec.RestartPolicy); // goes with a failure policy alone
        Assert.True(spec.BackoffLimitPerIndex is null || spec.CompletionMode == "Indexed");
        Assert.InRange(spec.Parallelism!.Value, 1, 100_000);
        foreach (V1PodFailurePolicyRule rule in spec.PodFailurePolicy.Rules)
        {
            Assert.True(rule.OnExitCodes is null != rule.OnPodConditions is null);
            Assert.True(rule.Action != "FailIndex" || spec.BackoffLimitPerIndex is not null);
            if (rule.OnExitCodes is not { } codes) continue;
            Assert.Equal("In", codes.OperatorProperty);
            Assert.DoesNotContain(0, codes.Values);
            Assert.Equal(codes.Values.Distinct().Order(), codes.Values);
        }
    }

    private static V1Job Read(string yaml) => KubernetesYaml.Deserialize<V1Job>(yaml, strict: true);

    private static V1Container Container(V1Job job) => Assert.Single(job.Spec.Template.Spec.Containers);

    // As the kubelet does it: $$ is a dollar, $(NAME) a variable's value, where there is such a variable.
    private static string Expanded(string argument)
    {
        var expanded = new StringBuilder();
        for (int i = 0; i < argument.Length; i++)
        {
            Assert.False(argument.AsSpan(i).StartsWith("$("), "a variable");
            expanded.Append(argument[i]);
            if (argument.AsSpan(i).StartsWith("$$")) i++;
        }
        return expanded.ToString();
    }
}
