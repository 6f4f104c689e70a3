using Swan.Batch.Stores;

namespace Swan.Batch.Tests.Stores;

public sealed class NewNameTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_several_that_give_a_name_one_succeeds_and_its_file_stays()
    {
        const int Writers = 6;
        for (int round = 0; round < 200; round++)
        {
            string target = _folder.File($"round {round}");
            using var start = new Barrier(Writers);
            bool[] named = new bool[Writers];
            Thread[] writers = [.. Enumerable.Range(0, Writers).Select(i => new Thread(() =>
            {
                string temporary = $"{target}.{i}";
                File.WriteAllText(temporary, $"{i}");
                start.SignalAndWait();
                named[i] = NewName.TryGive(temporary, target);
                Assert.Equal(named[i], !File.Exists(temporary));
            }))];
            foreach (Thread writer in writers) writer.Start();
            foreach (Thread writer in writers) writer.Join();
            Assert.Equal(1, named.Count(n => n));
            Assert.Equal($"{Array.IndexOf(named, true)}", File.ReadAllText(target));
        }
    }

    [Fact]
    public void A_file_system_without_second_names_is_asked_to_rename()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "renameat2 is Linux's.");
        File.WriteAllText(_folder.File("a"), "a");
        File.WriteAllText(_folder.File("b"), "b");
        Assert.NotEqual(0, NewName.RenameNew(_folder.File("a"), _folder.File("b")));
        Assert.Equal("b", File.ReadAllText(_folder.File("b")));
        Assert.Equal(0, NewName.RenameNew(_folder.File("a"), _folder.File("c")));
        Assert.Equal("a", File.ReadAllText(_folder.File("c")));
        Assert.False(File.Exists(_folder.File("a")));
    }
}
