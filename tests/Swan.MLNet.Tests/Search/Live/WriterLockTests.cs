using System.Diagnostics;
using Swan.MLNet.Metadata;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Search.Live;

public sealed class WriterLockTests : IDisposable
{
    private readonly LiveFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_second_writer_is_told_who_the_first_is()
    {
        using SwanLiveIndex index = _folder.Create(), other = _folder.Open();
        using (index.OpenWriter(new() { Program = "nightly update" }))
        {
            foreach (SwanLiveIndex each in (SwanLiveIndex[])[index, other])
            {
                var refusal = Assert.Throws<SwanIndexLockedException>(() => each.OpenWriter());
                Assert.Equal((Environment.ProcessId, Environment.MachineName), (refusal.ProcessId, refusal.Host));
                Assert.Contains($"process {Environment.ProcessId} (nightly update)", refusal.Message, StringComparison.Ordinal);
            }
        }
        other.OpenWriter().Dispose();
    }

    [Fact]
    public void A_second_writer_of_another_process_is_refused()
    {
        using SwanLiveIndex index = _folder.Create();
        using (index.OpenWriter())
        {
            (int code, string output, string errors) = LoadOnlyProcess.Run("Swan.KillIndex", ["open", _folder.Index]);
            Assert.True(code == 1, $"{output}\n{errors}");
            Assert.Contains($"written by process {Environment.ProcessId}", errors, StringComparison.Ordinal);
        }
        Assert.Equal(0, LoadOnlyProcess.Run("Swan.KillIndex", ["open", _folder.Index]).Code);
    }

    [Fact]
    public async Task Processes_that_contend_for_the_lock_lose_no_change()
    {
        const int Writers = 2, Times = 15;
        using SwanLiveIndex index = _folder.Create(3, SwanIndexScan.Float32, new SwanColumn("n", SwanColumnType.Number));
        string program = Path.Combine(LoadOnlyProcess.Folder("Swan.KillIndex"), "Swan.KillIndex.dll");
        var writers = new List<Process>();
        try
        {
            using (index.OpenWriter())
            {
                for (int i = 0; i < Writers; i++)
                {
                    writers.Add(Process.Start(
                        new ProcessStartInfo("dotnet", [program, "count", _folder.Index, $"{Times}"]) { RedirectStandardOutput = true })!);
                }
                // So both are waiting when the lock comes free.
                foreach (Process writer in writers)
                    Assert.Equal("refused", await writer.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
            }
            foreach (Process writer in writers) await writer.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.All(writers, writer => Assert.Equal(0, writer.ExitCode));
        }
        finally
        {
            foreach (Process writer in writers)
            {
                if (!writer.HasExited) writer.Kill();
                writer.Dispose();
            }
        }
        Assert.True(index.TryGet("counter", out SwanRow? counter));
        Assert.Equal((double)Writers * Times, counter.Values["n"]);
    }

    [Fact]
    public void Any_number_of_readers_read_while_one_writes()
    {
        using SwanLiveIndex index = _folder.Create();
        using SwanIndexWriter writer = index.OpenWriter();
        SwanLiveIndex[] readers = [.. Enumerable.Range(0, 5).Select(_ => _folder.Open())];
        writer.Upsert("a", [1, 0, 0]);
        writer.Commit();
        Assert.All(readers, reader => Assert.Single(reader.Search([1, 0, 0], 1)));
        foreach (SwanLiveIndex reader in readers) reader.Dispose();
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_read()
    {
        _folder.Create().Dispose();
        string lockFile = Path.Combine(_folder.Index, "writer.lock");
        // For everybody, root too: a folder can't be opened as a file.
        File.Delete(lockFile);
        Directory.CreateDirectory(lockFile);
        using SwanLiveIndex index = _folder.Open();
        Assert.Equal(0, index.Count);
        Assert.Contains(
            "can't be written to", Assert.Throws<UnauthorizedAccessException>(() => index.OpenWriter()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_leaves_the_last_state_and_the_changes()
    {
        string disk = _folder.Path("disk");
        Directory.CreateDirectory(disk);
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk) == 0, "No file system can be mounted here.");
        try
        {
            using SwanLiveIndex index = SwanLiveIndex.Create(Path.Combine(disk, "index"), new SwanIndexSettings(256));
            using SwanIndexWriter writer = index.OpenWriter();
            writer.Upsert("first", LiveFolder.Row(0, 256));
            writer.Commit();
            string ballast = Path.Combine(disk, "ballast");
            File.WriteAllBytes(ballast, new byte[600_000]);
            for (int i = 0; i < 500; i++) writer.Upsert($"{i}", LiveFolder.Row(i, 256));
            Assert.ThrowsAny<IOException>(() => writer.Commit());
            Assert.Equal(1, index.Count);
            using (SwanLiveIndex reader = SwanLiveIndex.Open(Path.Combine(disk, "index"))) reader.Verify();
            File.Delete(ballast);
            writer.Commit();
            Assert.Equal(501, index.Count);
            index.Verify();
        }
        finally
        {
            Run("umount", disk);
        }
    }

    private static int Run(string program, params string[] arguments)
    {
        if (!OperatingSystem.IsLinux()) return -1;
        try
        {
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
            using Process process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }
}
