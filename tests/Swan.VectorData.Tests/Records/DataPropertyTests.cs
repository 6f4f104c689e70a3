using CsCheck;
using Microsoft.Extensions.VectorData;
using Swan.MLNet.Metadata;
using Swan.MLNet.Search;

namespace Swan.VectorData.Tests.Records;

public sealed class DataPropertyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly VectorStore _store;

    public DataPropertyTests() => _store = new SwanVectorStore(_folder.File("store"));

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Values_of_every_type_come_back_as_they_were()
    {
        await ComeBackAsync<string?>("", "north", "ä 😀\n", null);
        await ComeBackAsync(true, false);
        await ComeBackAsync<bool?>(true, null);
        await ComeBackAsync(byte.MinValue, byte.MaxValue);
        await ComeBackAsync(sbyte.MinValue, sbyte.MaxValue);
        await ComeBackAsync(short.MinValue, short.MaxValue);
        await ComeBackAsync(ushort.MaxValue);
        await ComeBackAsync(int.MinValue, int.MaxValue);
        await ComeBackAsync(uint.MaxValue);
        await ComeBackAsync(1L << 53, -(1L << 53), long.MinValue);
        await ComeBackAsync(1UL << 53, 1UL << 63);
        await ComeBackAsync(double.MaxValue, double.Epsilon, -0.1);
        await ComeBackAsync(0.1f, float.MaxValue, float.Epsilon);
        await ComeBackAsync((Half)0.1, Half.MaxValue);
        await ComeBackAsync(0.1m, -12345.6789m, 1e15m, 0m);
        await ComeBackAsync<int?>(5, null);
        await ComeBackAsync(new DateTimeOffset(2025, 6, 1, 12, 30, 15, 123, TimeSpan.Zero).AddTicks(7), DateTimeOffset.MaxValue);
        await ComeBackAsync(new DateTime(2025, 6, 1, 12, 30, 15, DateTimeKind.Utc), DateTime.MinValue);
        await ComeBackAsync(new DateOnly(2025, 6, 1), DateOnly.MinValue, DateOnly.MaxValue);
        await ComeBackAsync<SwanPoint?>(new SwanPoint(12.5, -48), null);
        await ComeBackAsync(new SwanBox(1, 2, 3, 4));
    }

    [Fact]
    public async Task Dates_are_instants_that_come_back_in_UTC()
    {
        VectorStoreCollection<int, Row<DateTimeOffset>> rows = await RowsAsync<DateTimeOffset>();
        var date = new DateTimeOffset(2025, 6, 1, 12, 0, 0, TimeSpan.FromHours(9));
        await rows.UpsertAsync(new Row<DateTimeOffset> { Id = 1, Value = date });
        DateTimeOffset back = (await rows.GetAsync(1))!.Value;
        Assert.Equal((date, TimeSpan.Zero), (back, back.Offset));
        VectorStoreCollection<int, Row<DateTime>> plain = await RowsAsync<DateTime>();
        await plain.UpsertAsync(new Row<DateTime> { Id = 1, Value = new DateTime(2025, 6, 1, 12, 0, 0, DateTimeKind.Unspecified) });
        Assert.Equal(
            (new DateTime(2025, 6, 1, 12, 0, 0), DateTimeKind.Utc),
            ((await plain.GetAsync(1))!.Value, (await plain.GetAsync(1))!.Value.Kind));
    }

    [Fact]
    public async Task Values_that_a_column_cant_give_back_are_refused_by_name()
    {
        await RefusedAsync((1L << 53) + 1);
        await RefusedAsync(long.MaxValue);
        await RefusedAsync(ulong.MaxValue);
        await RefusedAsync(0.12345678901234567890m);
        await RefusedAsync(decimal.MaxValue);
        await RefusedAsync(double.NaN);
        await RefusedAsync(float.PositiveInfinity);
        await RefusedAsync("half \uD83D");
    }

    [Fact]
    public async Task What_another_program_stored_is_refused_where_the_type_cant_hold_it()
    {
        foreach (double value in (double[])[0.5, 256, -1, 1e300])
        {
            Assert.Contains("'Value' of type Byte can't hold exactly", (await ReadAsync<byte>(value)).Message, StringComparison.Ordinal);
        }
        Assert.Contains("of type Int64", (await ReadAsync<long>(Math.Pow(2, 63))).Message, StringComparison.Ordinal);
        Assert.Contains("of type Single", (await ReadAsync<float>(0.1)).Message, StringComparison.Ordinal);
        Assert.Contains("of type Decimal", (await ReadAsync<decimal>(1e30)).Message, StringComparison.Ordinal);
        var early = new DateTime(2025, 6, 1, 1, 0, 0, DateTimeKind.Utc);
        Assert.Contains("of type DateOnly", (await ReadAsync<DateOnly>(early)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_value_leaves_what_cant_be_null_as_the_constructor_made_it()
    {
        VectorStoreCollection<int, Row<int?>> nullable = await RowsAsync<int?>();
        await nullable.UpsertAsync(new Row<int?> { Id = 1 });
        Assert.Equal(-1, (await _store.GetCollection<int, Minus>(nullable.Name).GetAsync(1))!.Value);
    }

    [Fact]
    public async Task Filters_find_the_very_numbers_that_were_stored()
    {
        VectorStoreCollection<int, Row<decimal>> prices = await RowsAsync<decimal>();
        await prices.UpsertAsync([new Row<decimal> { Id = 1, Value = 0.1m }, new Row<decimal> { Id = 2, Value = 0.3m }]);
        Assert.Equal([1], await prices.GetAsync(row => row.Value == 0.1m, 9).Select(row => row.Id).ToListAsync());
        VectorStoreCollection<int, Row<float>> scores = await RowsAsync<float>();
        await scores.UpsertAsync([new Row<float> { Id = 1, Value = 0.1f }, new Row<float> { Id = 2, Value = 0.3f }]);
        Assert.Equal([1], await scores.GetAsync(row => row.Value <= 0.1f, 9).Select(row => row.Id).ToListAsync());
        VectorStoreCollection<int, Row<DateOnly>> days = await RowsAsync<DateOnly>();
        var first = new DateOnly(2025, 6, 1);
        await days.UpsertAsync([new Row<DateOnly> { Id = 1, Value = first }, new Row<DateOnly> { Id = 2, Value = first.AddDays(1) }]);
        Assert.Equal([2], await days.GetAsync(row => row.Value > first, 9).Select(row => row.Id).ToListAsync());
    }

    [Fact]
    public async Task Any_number_comes_back_or_is_refused()
    {
        VectorStoreCollection<int, Row<long>> longs = await RowsAsync<long>();
        VectorStoreCollection<int, Row<decimal>> decimals = await RowsAsync<decimal>();
        (long, decimal)[] samples = Gen.Select(Gen.Long, Gen.Decimal).Array[40].Single();
        foreach ((long integer, decimal number) in samples)
        {
            await SameOrRefusedAsync(longs, integer);
            await SameOrRefusedAsync(decimals, number);
        }
    }

    private static async Task SameOrRefusedAsync<T>(VectorStoreCollection<int, Row<T>> rows, T value)
    {
        try
        {
            await rows.UpsertAsync(new Row<T> { Id = 1, Value = value });
        }
        catch (VectorStoreException)
        {
            return;
        }
        Assert.Equal(value, (await rows.GetAsync(1))!.Value);
    }

    private async Task ComeBackAsync<T>(params T[] values)
    {
        VectorStoreCollection<int, Row<T>> rows = await RowsAsync<T>();
        await rows.UpsertAsync(values.Select((value, i) => new Row<T> { Id = i, Value = value }));
        Assert.Equal(values, await rows.GetAsync(Enumerable.Range(0, values.Length)).Select(row => row.Value!).ToListAsync());
    }

    private async Task RefusedAsync<T>(T value)
    {
        VectorStoreCollection<int, Row<T>> rows = await RowsAsync<T>();
        var e = await Assert.ThrowsAsync<VectorStoreException>(() => rows.UpsertAsync(new Row<T> { Id = 1, Value = value }));
        Assert.Contains("The property 'Value' can't be stored", e.Message, StringComparison.Ordinal);
        Assert.Null(await rows.GetAsync(1));
    }

    private async Task<VectorStoreException> ReadAsync<T>(object stored)
    {
        VectorStoreCollection<int, Row<T>> rows = await RowsAsync<T>();
        var index = (SwanLiveIndex)rows.GetService(typeof(SwanLiveIndex))!;
        using (SwanIndexWriter writer = index.OpenWriter())
        {
            writer.Upsert("1", [1, 0, 0, 0], new Dictionary<string, object?> { ["Value"] = stored });
            writer.Commit();
        }
        return await Assert.ThrowsAsync<VectorStoreException>(() => rows.GetAsync(1));
    }

    private async Task<VectorStoreCollection<int, Row<T>>> RowsAsync<T>()
    {
        Type type = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        VectorStoreCollection<int, Row<T>> rows = _store.GetCollection<int, Row<T>>($"{type.Name} {type == typeof(T)}");
        await rows.EnsureCollectionExistsAsync();
        return rows;
    }

    private sealed class Row<T>
    {
        [VectorStoreKey]
        public int Id { get; set; }

        [VectorStoreData]
        public T? Value { get; set; }

        [VectorStoreVector(4)]
        public float[] Embedding { get; set; } = [1, 0, 0, 0];
    }

    private sealed class Minus
    {
        [VectorStoreKey]
        public int Id { get; set; }

        [VectorStoreData]
        public int Value { get; set; } = -1;

        [VectorStoreVector(4)]
        public float[] Embedding { get; set; } = [1, 0, 0, 0];
    }
}
