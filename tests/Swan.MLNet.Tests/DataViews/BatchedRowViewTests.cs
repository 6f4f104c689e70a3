using Microsoft.ML;
using Microsoft.ML.Data;

namespace Swan.MLNet.Tests.DataViews;

public sealed class BatchedRowViewTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void The_next_batch_is_prepared_before_this_one_is_computed()
    {
        IDataView data = Numbers(30);
        var map = new DoublingMap(data.Schema, batchSize: 8, prepares: true);
        Assert.Equal(Enumerable.Range(0, 30).Select(i => 2f * i), map.View(data).GetColumn<float>("Double"));
        Assert.Equal(
        [
            "prepare 0-3", "compute 0-3", // small at first, and nothing beyond it
            "prepare 4-11", "prepare 12-19", "compute 4-11",
            "prepare 20-27", "compute 12-19",
            "prepare 28-29", "compute 20-27",
            "compute 28-29",
        ], map.Diary.Where(d => !d.StartsWith("read", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public void However_long_the_data_at_most_two_batches_are_in_memory(bool prepares, int batches)
    {
        IDataView data = Numbers(5000);
        var map = new DoublingMap(data.Schema, batchSize: 16, prepares);
        Assert.Equal(5000, map.View(data).GetColumn<float>("Double").Count());
        Assert.Equal(batches, map.MaxBatches);
    }

    [Fact]
    public void A_reader_who_jumps_pays_for_small_batches_only()
    {
        IDataView data = Numbers(200);
        var map = new DoublingMap(data.Schema, batchSize: 32, prepares: true);
        Assert.Equal([100f, 300f], Read(map.View(data), n => n is 50 or 150));
        Assert.Equal(["compute 50-53", "compute 150-153"], map.Diary.Where(d => d.StartsWith("compute", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_jump_over_a_prepared_batch_gives_the_right_rows()
    {
        IDataView data = Numbers(200);
        var map = new DoublingMap(data.Schema, batchSize: 8, prepares: true);
        Assert.Equal([.. Enumerable.Range(0, 10).Select(i => 2f * i), 200f, .. Enumerable.Range(101, 30).Select(i => 2f * i)],
            Read(map.View(data), n => n is < 10 or (>= 100 and <= 130)));
    }

    [Fact]
    public void A_filter_that_reads_nearly_every_row_gets_full_batches()
    {
        IDataView data = Numbers(100);
        var map = new DoublingMap(data.Schema, batchSize: 16, prepares: true);
        Assert.Equal(67, Read(map.View(data), n => n % 3 != 0 || n == 0).Count);
        Assert.Contains(map.Diary, d => d.StartsWith("compute", StringComparison.Ordinal) && d != "compute 0-3");
        Assert.True(map.Diary.Count(d => d.StartsWith("compute", StringComparison.Ordinal)) <= 2 + 100 / 16 + 1);
    }

    [Fact]
    public void Each_row_is_reached_once_and_only_when_read()
    {
        IDataView data = Numbers(20);
        var map = new DoublingMap(data.Schema, batchSize: 8, prepares: true);
        Read(map.View(data), n => n < 6);
        Assert.Equal(["read 0", "read 1", "read 2", "read 3", "read 4", "read 5"],
            map.Diary.Where(d => d.StartsWith("read", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_source_that_fails_later_delivers_the_rows_before_and_then_its_own_error()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Failing());
        var map = new DoublingMap(data.Schema, batchSize: 32, prepares: true);
        int delivered = 0;
        Exception e = Assert.ThrowsAny<Exception>(() =>
        {
            foreach (float _ in map.View(data).GetColumn<float>("Double")) delivered++;
        });
        Assert.Equal(20, delivered);
        Assert.Contains("disk on fire", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Dropped_rows_are_gone_whatever_is_read()
    {
        IDataView data = Numbers(50);
        IDataView view = new DoublingMap(data.Schema, batchSize: 8, prepares: true, drops: n => n % 5 == 0).View(data);
        float[] kept = [.. Enumerable.Range(0, 50).Where(n => n % 5 != 0).Select(n => (float)n)];
        Assert.Equal(kept, view.GetColumn<float>("Number"));
        Assert.Equal(kept.Select(n => 2 * n), view.GetColumn<float>("Double"));
        DataViewRowCursor cursor = Assert.Single(view.GetRowCursorSet([], 4));
        using (cursor)
        {
            int rows = 0;
            while (cursor.MoveNext()) Assert.Equal(rows++, cursor.Position);
            Assert.Equal(40, rows);
        }
    }

    private static List<float> Read(IDataView view, Predicate<int> wanted)
    {
        var read = new List<float>();
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        ValueGetter<float> getter = cursor.GetGetter<float>(view.Schema["Double"]);
        while (cursor.MoveNext())
        {
            if (!wanted((int)cursor.Position)) continue;
            float value = 0;
            getter(ref value);
            read.Add(value);
        }
        return read;
    }

    private static IEnumerable<TextRow> Failing()
    {
        for (int i = 0; i < 20; i++) yield return new TextRow { Number = i };
        throw new IOException("disk on fire");
    }

    private IDataView Numbers(int count) =>
        _ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new TextRow { Number = i }).ToArray());
}
