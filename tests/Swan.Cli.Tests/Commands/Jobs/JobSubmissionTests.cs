using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Swan.Batch;
using Swan.Cli.Commands;
using Swan.Cli.Options;
using Swan.Cli.Submission;
using Swan.ObjectStores;

namespace Swan.Cli.Tests.Commands;

/// <summary>The files that <c>swan job plan</c> writes for schedulers; what they do is tested in Submission and Slurm.</summary>
public sealed class JobSubmissionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _images, _out, _model, _slurm, _kubernetes, _azure;

    public JobSubmissionTests()
    {
        _images = Directory.CreateDirectory(_folder.File("images")).FullName;
        for (int i = 0; i < 5; i++) TinyImages.Write(_images, $"{i}.png", seed: i);
        (_out, _model) = (_folder.File("out"), TinyModel.Write(_folder.FullName));
        (_slurm, _kubernetes, _azure) = (_folder.File("s.sh"), _folder.File("k.yaml"), _folder.File("a.json"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_files_of_a_plan_agree_are_written_again_while_it_is_at_work_and_are_gone_when_nothing_has_changed()
    {
        string[] plan =
        [
            "job", "plan", "--model", _model, "--images", _images, "--out", _out, "--shards", "3", "--threads", "1", "--json",
            "--slurm", _slurm, "--kubernetes", _kubernetes, "--azure-batch", _azure,
        ];
        (int code, string output, string errors) = await SwanProcess.Run(plan);
        Assert.True(code == 0, errors);
        Assert.Equal(3, (int)JsonNode.Parse(output)!["shards"]!);
        Assert.Contains($"wrote '{_slurm}'", errors, StringComparison.Ordinal);
        string id = Path.GetFileName(Assert.Single(Directory.GetDirectories(Path.Combine(_out, "runs"))));
        string slurm = await File.ReadAllTextAsync(_slurm), kubernetes = await File.ReadAllTextAsync(_kubernetes);
        string azure = await File.ReadAllTextAsync(_azure);
        Assert.Contains("--array=0-2\n", slurm, StringComparison.Ordinal);
        Assert.Contains("completions: 3\n", kubernetes, StringComparison.Ordinal);
        Assert.Equal(3, JsonNode.Parse(azure)!.AsArray().Count);
        Assert.All([slurm, kubernetes, azure], text =>
        {
            Assert.All([id, _out, _model, "--threads"], part => Assert.Contains(part, text, StringComparison.Ordinal));
            Assert.Contains(PlannedRun.Origin, text, StringComparison.Ordinal);
        });

        // 'sh FILE' asks for the status: of its words, some are options of 'swan job run' alone.
        string[] status = [.. Regex.Match(slurm, @"\$\(swan (job status .*)\); code").Groups[1].Value.Split(' ').Select(w => w.Trim('\''))];
        Assert.Equal(75, (await SwanProcess.Run(status)).ExitCode);

        // One was lost before the run has ended.
        File.Delete(_slurm);
        Assert.Equal(75, (await SwanProcess.Run(plan)).ExitCode);
        Assert.Equal(slurm, await File.ReadAllTextAsync(_slurm));

        Assert.Equal(0, (await SwanProcess.Run("job", "run", _out, "--shard", "0-2:2")).ExitCode);
        Assert.Equal(0, (await SwanProcess.Run("job", "run", _out, "--shard", "1")).ExitCode);
        (code, _, errors) = await SwanProcess.Run(plan);
        Assert.True(code == 0, errors);
        Assert.All([_slurm, _kubernetes, _azure], file =>
        {
            Assert.Contains($"removed '{file}', which an earlier plan wrote", errors, StringComparison.Ordinal);
            Assert.False(File.Exists(file));
        });
    }

    [Fact]
    public async Task A_file_that_no_plan_wrote_stays_and_nothing_is_planned()
    {
        await File.WriteAllTextAsync(_slurm, "#!/bin/sh\necho mine\n");
        (int code, _, string errors) = await SwanProcess.Run(
            "job", "plan", "--model", _model, "--images", _images, "--out", _out, "--slurm", _slurm);
        Assert.Equal(1, code);
        Assert.Contains($"'{_slurm}' exists, but no earlier plan wrote it", errors, StringComparison.Ordinal);
        Assert.Equal("#!/bin/sh\necho mine\n", await File.ReadAllTextAsync(_slurm));
        Assert.False(Directory.Exists(_out));
    }

    [Fact]
    public void Each_file_has_its_own_name_and_is_none_of_a_folder()
    {
        string folder = Path.GetDirectoryName(_slurm)!;
        Assert.Contains($"'{folder}' is a folder", Refused("--kubernetes", folder), StringComparison.Ordinal);
        Assert.Contains(
            "Two options name", Refused("--kubernetes", _slurm, "--slurm", Path.Combine(folder, ".", "s.sh")), StringComparison.Ordinal);
    }

    [Fact]
    public void No_secret_of_an_address_is_written()
    {
        const string Address = "https://account.blob.core.windows.net/tiles/2026?sv=2024-11-04&sig=c2VjcmV0c2VjcmV0";
        using var input = new JobInput(new BatchJobOptions(), ObjectStores.ObjectStores.Open(Address, new ObjectStoreOptions()), null);
        PlannedRun run = Describe(input);
        Assert.Equal("https://account.blob.core.windows.net/tiles/2026", run.Output);
        Assert.All([SlurmScript.Write(run), KubernetesJob.Write(run), AzureBatchTasks.Write(run)], text =>
        {
            Assert.Contains(run.Output, text, StringComparison.Ordinal);
            Assert.DoesNotContain("sig=", text, StringComparison.Ordinal);
            Assert.DoesNotContain("c2VjcmV0", text, StringComparison.Ordinal);
        });
        Assert.Empty(run.Folders);
    }

    [Fact]
    public void Folders_that_lie_within_others_need_no_place_of_their_own()
    {
        var options = new BatchJobOptions { Model = "/data/models/m.swan", Images = "/data" };
        using var input = new JobInput(options, ObjectStores.ObjectStores.Open("/data/out"), null);
        Assert.Equal([new NeededFolder("/data", IsWritten: true)], Describe(input).Folders);
        options.Images = "/data2";
        Assert.Equal(
            [new("/data2", IsWritten: false), new("/data/out", IsWritten: true), new("/data/models", IsWritten: false)],
            Describe(input).Folders);
    }

    private static PlannedRun Describe(JobInput input) => JobSubmission.Describe(12, "000012-3f2a9c0d1e4b", 3, input, []);

    private static string Refused(params string[] options)
    {
        var submission = new JobSubmission();
        DocumentedCommand command = submission.AddTo(new DocumentedCommand("plan", "", ""));
        return Assert.ThrowsAny<Exception>(() => submission.Read(command.Parse(options))).Message;
    }
}
