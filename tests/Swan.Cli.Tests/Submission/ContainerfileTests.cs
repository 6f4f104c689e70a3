using System.ComponentModel;
using System.Text.Json.Nodes;

namespace Swan.Cli.Tests.Submission;

/// <summary>The image that pods run. A test can't build it: there is no registry of base images.</summary>
public sealed class ContainerfileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_linter_of_Dockerfiles_finds_nothing()
    {
        string file = Path.Combine(Repository.Root, "Containerfile"), spoiled = _folder.File("Containerfile");
        Assert.Equal(0, Issues(file));
        File.WriteAllText(spoiled, File.ReadAllText(file).Replace("\nUSER ", "\nUSRE ", StringComparison.Ordinal));
        Assert.Equal(1, Issues(spoiled));
    }

    [Fact]
    public void It_runs_as_the_user_of_the_pods_and_has_the_program_that_they_name()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, "Containerfile"));
        string job = Cli.Submission.KubernetesJob.Write(Runs.Run());
        string user = Assert.Single(lines, line => line.StartsWith("USER ", StringComparison.Ordinal))["USER ".Length..].Split(':')[0];
        Assert.Contains($"runAsUser: {user}\n", job, StringComparison.Ordinal);
        Assert.Contains("ENTRYPOINT [\"swan\"]", lines);
        Assert.Contains("command: [swan]\n", job, StringComparison.Ordinal);
    }

    private static int Issues(string file)
    {
        try
        {
            (_, string output, string errors) = ChildProcess.Finish(
                "node", [SharedFolder.Npm("node_modules/dockerfilelint/bin/dockerfilelint"), "-o", "json", file]);
            Assert.True(output.StartsWith('{'), errors);
            return (int)JsonNode.Parse(output)!["totalIssues"]!;
        }
        catch (Win32Exception e)
        {
            Assert.Skip($"there is no node: {e.Message}");
            return 0;
        }
    }
}
