using System.Security.Cryptography;
using CsCheck;
using Swan.Batch.Runs;
using Swan.Batch.Stores;

namespace Swan.Batch.Tests.Runs;

public sealed class KnownContentsTests
{
    [Fact]
    public async Task The_table_finds_each_content_that_it_was_made_of_and_no_other() =>
        await Gen.Int[0, 60].Array[0, 30].SampleAsync(async numbers =>
        {
            using var folder = new TemporaryFolder();
            using var store = new FolderStore(folder.FullName);
            var runs = new RunStore(store);
            using (var builder = new KnownContents.Builder())
            {
                foreach (int n in numbers) builder.Add(new StateLine($"{n}", "") { Hash = Hash(n), Place = Place(n) });
                builder.Add(new StateLine("bad", "") { Hash = Hash(99), Bad = "Empty" });
                await builder.WriteAsync(runs, RunNames.Contents("000001-x"), default);
            }
            using KnownContents known = await KnownContents.OpenAsync(runs, Plan, default);
            for (int n = 0; n <= 99; n++) Assert.Equal(numbers.Contains(n) ? Place(n) : null, known.Find(Hash(n)));
        }, iter: 100, threads: 1);

    private static RunPlan Plan => new()
    {
        Number = 1, Id = "000001-x", Base = 0, Planned = default, Shards = 1, Rows = 1, New = 1, Changed = 0, Again = 0, Unchanged = 0,
        Gone = 0, MaxBadShare = 1,
    };

    private static RowPlace Place(int n) => new(n + 1, 3 * n, int.MaxValue - n);

    private static string Hash(int n) => Convert.ToHexStringLower(SHA256.HashData([(byte)n]));
}
