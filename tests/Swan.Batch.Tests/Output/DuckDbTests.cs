using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Swan.Batch.Stores;

namespace Swan.Batch.Tests.Output;

/// <summary>What DuckDB reads of a job's files.</summary>
public sealed partial class DuckDbTests : IDisposable
{
    private readonly BatchFolder _folder = new();
    private readonly DuckDb _duck = new();

    public void Dispose()
    {
        _duck.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(BatchPrecision.Single, "FLOAT")]
    [InlineData(BatchPrecision.Half, "FIXED_LEN_BYTE_ARRAY")]
    public async Task Rows_and_kept_columns_are_read_bit_for_bit_also_when_the_job_is_compacted(BatchPrecision precision, string physical)
    {
        await WrittenManifest.RunAsync(_folder, precision);
        await IsReadAsync(physical);
        using var store = new FolderStore(_folder.Out);
        await BatchJob.CompactAsync(store, cancellationToken: TestContext.Current.CancellationToken);
        await IsReadAsync(physical);
    }

    [Fact]
    public async Task The_queries_of_the_guide_give_what_it_says()
    {
        _folder.Draw(3);
        File.WriteAllText(Path.Combine(_folder.Images, "bad.png"), "no image");
        File.WriteAllText(Path.Combine(_folder.Images, "worse.png"), "");
        await _folder.RunAsync();
        List<JobRow> rows = [.. (await _folder.RowsAsync()).Where(r => r.Fault is null)];
        string guide = File.ReadAllText(Path.Combine(Repository.Root, "docs", "guide", "batch-jobs.md"));
        string[] queries = [.. SqlBlock().Match(guide).Groups[1].Value.Split('\n').Where(line => line.Contains(';'))];
        Assert.Equal(2, queries.Length);

        string first = rows[0].Embedding.Aggregate("[", (text, v) => $"{text}{(text == "[" ? "" : ",")}{Exact(v)}") + "]::FLOAT[6]";
        List<object?[]> similar = Run(queries[0].Replace("257", "6", StringComparison.Ordinal)
            .Replace("…", first, StringComparison.Ordinal));
        Assert.Equal(rows.Select(r => r.Image), similar.Select(r => (string)r[0]!).Order(StringComparer.Ordinal));
        foreach (object?[] row in similar)
        {
            float[] embedding = rows.Single(r => r.Image == (string)row[0]!).Embedding;
            Assert.Equal(embedding.Zip(rows[0].Embedding, (a, b) => (double)a * b).Sum(), (float)row[1]!, 1e-6);
        }

        var reasons = _folder.BadRows().CountBy(bad => bad.Reason).OrderBy(c => c.Key, StringComparer.Ordinal);
        Assert.Equal(reasons.Select(r => $"{r.Key} {r.Value}"),
            Run(queries[1]).Select(r => string.Create(CultureInfo.InvariantCulture, $"{r[0]} {r[1]}")).Order(StringComparer.Ordinal));

        List<object?[]> Run(string query) => _duck.Rows(
            query[..query.IndexOf(';', StringComparison.Ordinal)].Replace("'OUT/", $"'{_folder.Out}/", StringComparison.Ordinal));
    }

    [GeneratedRegex("```sql\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex SqlBlock();

    private static string Exact(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    private async Task IsReadAsync(string physical)
    {
        string file = Assert.Single(_folder.Parquets);
        string[] types =
        [
            "row BIGINT", "image VARCHAR", "hash VARCHAR", "embedding FLOAT[]", "text VARCHAR", "bool BOOLEAN", "int INTEGER",
            "long BIGINT", "float FLOAT", "double DOUBLE", "millis TIMESTAMP", "micros TIMESTAMP WITH TIME ZONE",
            "nanos TIMESTAMP WITH TIME ZONE", "day DATE",
        ];
        Assert.Equal(types, _duck.Rows($"DESCRIBE SELECT * FROM '{file}'").Select(r => $"{r[0]} {r[1]}"));
        Assert.Equal([physical], _duck.Rows($"SELECT type FROM parquet_schema('{file}') WHERE name = 'element'").Single());

        List<JobRow> rows = await BatchFolder.ReadAsync(file, WrittenManifest.Kept);
        List<object?[]> read = _duck.Rows($"SELECT image, hash, embedding, len(embedding) FROM '{file}'");
        Assert.Equal(rows.Select(r => r.Text), read.Select(r =>
            new JobRow((string)r[0]!, (string)r[1]!, null, [.. (List<float>)r[2]!]).Text));
        Assert.All(read, r => Assert.Equal((long)TinyModel.EmbeddingSize, r[3]));

        DateTime time = WrittenManifest.Time;
        List<object?[]> kept = _duck.Rows($"""
            SELECT text, bool, "int", "long", "float", "double", epoch_us(millis), epoch_us(micros), epoch_us(nanos), day::VARCHAR
            FROM '{file}' ORDER BY image
            """);
        long micros = (time.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        Assert.Equal(["é", true, null, long.MaxValue, 0.1f, 1e300, micros, micros + 1, micros, "2026-11-29"], kept[0]);
        Assert.Equal([null, null, int.MinValue, 0L, float.NaN, null, micros, null, micros, "2026-11-29"], kept[1]);
        // Row groups are left out by what the file says of their values.
        foreach ((string column, long expected) in ((string, long)[])[("millis", 2), ("micros", 1), ("nanos", 2)])
        {
            Assert.Equal([expected], _duck.Rows($"SELECT count(*) FROM '{file}' WHERE {column} BETWEEN '2026-11-29 12:34:56' AND "
                + "'2026-11-29 12:34:57'").Single());
        }

        Dictionary<string, string> metadata = _duck.Rows($"SELECT key, value FROM parquet_kv_metadata('{file}')")
            .ToDictionary(r => Encoding.UTF8.GetString((byte[])r[0]!), r => Encoding.UTF8.GetString((byte[])r[1]!));
        Assert.Equal(await BatchFolder.MetadataAsync(file), metadata);
    }
}
