using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Parquet.Schema;
using Swan.Batch.Output;
using Swan.Batch.Stores;
using Field = Parquet.Schema.Field;

namespace Swan.Batch.Tests.Output;

/// <summary>What Arrow's own library reads.</summary>
public sealed class ArrowSchemaTests : IDisposable
{
    private readonly BatchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(BatchPrecision.Single, "float")]
    [InlineData(BatchPrecision.Half, "halffloat")]
    public async Task Embeddings_of_a_job_are_lists_of_a_fixed_size_also_when_it_is_compacted(BatchPrecision precision, string values)
    {
        _folder.Draw(2);
        await _folder.RunAsync(o => o.Precision = precision);
        await AreFixedAsync(values);
        using var store = new FolderStore(_folder.Out);
        await BatchJob.CompactAsync(store, cancellationToken: TestContext.Current.CancellationToken);
        await AreFixedAsync(values);
    }

    [Fact]
    public async Task Lists_are_of_a_fixed_size_also_beside_a_manifests_columns()
    {
        await WrittenManifest.RunAsync(_folder);
        string[] kept =
        [
            "text utf8?", "bool bool?", "int int32?", "long int64?", "float float?", "double double?", "millis timestamp[Millisecond, ]?",
            "micros timestamp[Microsecond, UTC]?", "nanos timestamp[Nanosecond, UTC]?", "day date32?",
        ];
        await AreFixedAsync(kept: kept);
        using var store = new FolderStore(_folder.Out);
        await BatchJob.CompactAsync(store, cancellationToken: TestContext.Current.CancellationToken);
        await AreFixedAsync(kept: kept);
    }

    [Fact]
    public void Columns_have_their_names_types_and_whether_values_may_be_missing()
    {
        (Field, int)[] columns =
        [
            (new DataField<long>("row"), 1), (new DataField<string>("é, 木 and more", nullable: false), 1), (new DataField<int>("i"), 1),
            (new DataField<float>("f"), 1), (new DataField<double>("d", nullable: true), 1), (new DataField<bool>("b"), 1),
            (new ListField("scores", new DataField<float>("element")), 1), (new DataField<string>("", nullable: true), 1),
            (new ListField("embedding", new DataField<float>("element")), 257),
            (new ListColumn<Half>("half").Field, 257), (new DateTimeDataField("day", DateTimeFormat.Date), 1),
            (new DateTimeDataField("local", DateTimeFormat.Timestamp, isAdjustedToUTC: false, DateTimeTimeUnit.Nanos), 1),
            (new DateTimeDataField("utc", DateTimeFormat.Timestamp, isAdjustedToUTC: true, DateTimeTimeUnit.Millis, isNullable: true), 1),
        ];
        Assert.Equal(
            [
                "row int64", "é, 木 and more utf8", "i int32", "f float", "d double?", "b bool",
                "scores fixed_size_list[1] of element float?",
                " utf8?", "embedding fixed_size_list[257] of element float?", "half fixed_size_list[257] of element halffloat?",
                "day date32",
                "local timestamp[Nanosecond, ]", "utc timestamp[Millisecond, UTC]?",
            ],
            Texts(Read(ArrowSchema.Of(columns))));
    }

    private static IEnumerable<string> Texts(Schema schema) =>
        schema.FieldsList.Select(f => $"{f.Name} {Text(f.DataType)}{(f.IsNullable ? "?" : "")}");

    private static string Text(IArrowType type) => type switch
    {
        FixedSizeListType list => $"{type.Name}[{list.ListSize}] of {list.ValueField.Name} {list.ValueDataType.Name}",
        TimestampType time => $"{type.Name}[{time.Unit}, {time.Timezone}]",
        _ => type.Name,
    };

    private static Schema Read(string value)
    {
        using var reader = new ArrowStreamReader(new MemoryStream(Convert.FromBase64String(value)));
        return reader.Schema;
    }

    private async Task AreFixedAsync(string values = "float", params string[] kept)
    {
        Schema schema = Read((await BatchFolder.MetadataAsync(Assert.Single(_folder.Parquets)))["ARROW:schema"]);
        string list = $"embedding fixed_size_list[{TinyModel.EmbeddingSize}] of element {values}?";
        Assert.Equal(["row int64", "image utf8", "hash utf8", list, .. kept], Texts(schema));
    }
}
