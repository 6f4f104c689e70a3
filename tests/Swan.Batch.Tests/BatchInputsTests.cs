using CsCheck;
using System.Globalization;
using Swan.Batch.Inputs;
using Swan.Batch.Stores;

namespace Swan.Batch.Tests;

public sealed class BatchInputsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lines_are_sorted_the_same_whether_or_not_they_fit_in_memory()
    {
        Gen.Int[0, 40].Array[0, 60].Sample(numbers =>
        {
            string[] lines = Array.ConvertAll(numbers, n => n.ToString(CultureInfo.InvariantCulture));
            using (var sorted = new SortedLines(_folder.File("part"), linesInMemory: 7))
            {
                foreach (string line in lines) sorted.Add(line);
                Assert.Equal(lines.Order(StringComparer.Ordinal), sorted.InOrder());
            }
            Assert.Empty(Directory.GetFiles(_folder.FullName));
        }, iter: 200, threads: 1);
    }

    [Fact]
    public void A_lists_rows_are_its_lines_as_given_but_for_blank_ones()
    {
        File.WriteAllText(_folder.File("list"), "\uFEFFb.png\r\n\n  \na b.png \n/c/d.png");
        ImageList list = ImageList.Open(_folder.File("list"), default);
        Assert.Equal(3, list.Rows);
        Assert.Equal([(0, "b.png"), (1, "a b.png "), (2, "/c/d.png")], list.Read(new Shard(0, 1)).Select(r => (r.Row, r.Image)));
        Assert.Equal([(1, "a b.png ")], list.Read(new Shard(1, 2)).Select(r => (r.Row, r.Image)));
    }

    [Fact]
    public void A_list_that_changes_while_it_is_read_is_noticed()
    {
        File.WriteAllText(_folder.File("list"), "a.png\nb.png\n");
        ImageList list = ImageList.Open(_folder.File("list"), default);
        File.WriteAllText(_folder.File("list"), "a.png\nc.png\n");
        Assert.Throws<SwanBatchException>(() => list.Read(new Shard(0, 1)).Count());
    }

    [Fact]
    public void A_folder_list_does_not_follow_links_in_circles()
    {
        foreach (string name in (string[])["b.jpg", "a/c.TIFF", "a/notes.txt", ".hidden/d.png"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
            File.WriteAllText(_folder.File(name), "");
        }
        Directory.CreateSymbolicLink(_folder.File("a/up"), _folder.FullName);
        File.CreateSymbolicLink(_folder.File("a/link.png"), _folder.File("b.jpg"));
        var lines = new StringWriter();
        Assert.Equal(new FolderContents(3, 1, 0), FolderList.Write(_folder.FullName, lines, _folder.File("sort"), default));
        Assert.Equal("a/c.TIFF\na/link.png\nb.jpg\n", lines.ToString());
    }
}
