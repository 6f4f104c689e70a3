using Swan.MLNet.Metadata;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Search.Live;

public sealed class NpyTests : IDisposable
{
    private readonly LiveFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_go_out_as_npy_and_come_back_the_same()
    {
        using (SwanLiveIndex index = _folder.Create())
        {
            using SwanIndexWriter writer = index.OpenWriter();
            for (int i = 0; i < 30; i++) writer.Upsert($"{i}", LiveFolder.Row(i));
            writer.Remove("4");
            writer.Commit();
            using SwanIndexSnapshot snapshot = index.Snapshot();
            snapshot.ExportNpy(_folder.Path("rows.npy"));
            byte[] bytes = File.ReadAllBytes(_folder.Path("rows.npy"));
            Assert.Equal(0, (bytes.Length - 29 * 3 * 4) % 64);
            using SwanLiveIndex copy = SwanLiveIndex.Create(_folder.Path("copy"), new SwanIndexSettings(3));
            using SwanIndexWriter importing = copy.OpenWriter();
            Assert.Equal(29, importing.ImportNpy(_folder.Path("rows.npy"), [.. snapshot.Keys()]).Added);
            importing.Commit();
            using SwanIndexSnapshot copied = copy.Snapshot();
            Assert.Equal(
                snapshot.Rows().Select(row => (row.Key, Text(row))), copied.Rows().Select(row => (row.Key, Text(row))));
        }

        static string Text(SwanRow row) => string.Join(' ', row.Embedding.ToArray().Select(BitConverter.SingleToInt32Bits));
    }

    [Fact]
    public void Rows_that_are_replaced_by_rows_without_columns_keep_their_values()
    {
        using SwanLiveIndex index = _folder.Create(columns: new SwanColumn("region", SwanColumnType.Text));
        using SwanIndexWriter writer = index.OpenWriter();
        foreach (string key in (string[])["a", "b"])
            writer.Upsert(key, LiveFolder.Row(key[0]), new Dictionary<string, object?> { ["region"] = "north" });
        writer.Commit();
        using SwanLiveIndex other = SwanLiveIndex.Create(_folder.Path("other"), new SwanIndexSettings(3));
        using (SwanIndexWriter rows = other.OpenWriter())
        {
            rows.Upsert("a", LiveFolder.Row(1));
            rows.Upsert("c", LiveFolder.Row(2));
            rows.Commit();
        }
        using SwanIndexSnapshot snapshot = other.Snapshot();
        snapshot.ExportNpy(_folder.Path("rows.npy"));

        writer.ImportNpy(_folder.Path("rows.npy"), ["a", "c"]);
        Assert.Equal("north", writer.Find("a")!.Values["region"]);
        writer.Import(snapshot.ToSwanIndex());
        Assert.Equal("north", writer.Find("a")!.Values["region"]);
        Assert.Null(writer.Find("c")!.Values["region"]);
    }

    [Theory]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 3), }", "'<f4'")]
    [InlineData("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 3), }", "'<f4'")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", "'<f4'")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (9, 3), }", "9 rows of 3 values take")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 3), }", "'<f4'")]
    public void Another_array_is_refused_with_what_was_expected(string header, string expected)
    {
        string path = _folder.Path("rows.npy");
        byte[] text = System.Text.Encoding.ASCII.GetBytes(header);
        File.WriteAllBytes(path, [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. text, .. new byte[12]]);
        using SwanLiveIndex index = _folder.Create();
        using SwanIndexWriter writer = index.OpenWriter();
        Assert.Contains(
            expected, Assert.Throws<SwanFormatException>(() => writer.ImportNpy(path, ["a"])).Message, StringComparison.Ordinal);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..7]);
        Assert.Contains(
            "rows.npy", Assert.Throws<SwanFormatException>(() => writer.ImportNpy(path, ["a"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_and_rows_must_be_as_many_and_fit_the_index()
    {
        string path = _folder.Path("rows.npy");
        using SwanLiveIndex index = _folder.Create();
        using SwanIndexWriter writer = index.OpenWriter();
        writer.UpsertMany(["a", "b"], [1, 0, 0, 0, 1, 0]);
        writer.Commit();
        using (SwanIndexSnapshot snapshot = index.Snapshot()) snapshot.ExportNpy(path);
        Assert.Contains("2 rows, but there are 1 keys", Assert.Throws<ArgumentException>(() => writer.ImportNpy(path, ["a"])).Message,
            StringComparison.Ordinal);
        using SwanLiveIndex other = SwanLiveIndex.Create(_folder.Path("other"), new SwanIndexSettings(4));
        using SwanIndexWriter wide = other.OpenWriter();
        Assert.Throws<SwanMismatchException>(() => wide.ImportNpy(path, ["a", "b"]));
    }
}
