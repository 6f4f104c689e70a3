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

    [Fact]
    public async Task Embeddings_of_a_job_are_lists_of_a_fixed_size_also_when_it_is_compacted()
    {
        _folder.Draw(2);
        await _folder.RunAsync();
        await AreFixedAsync();
        using var store = new FolderStore(_folder.Out);
        await BatchJob.CompactAsync(store, cancellationToken: TestContext.Current.CancellationToken);
        await AreFixedAsync();
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
        ];
        Schema schema = Read(ArrowSchema.Of(columns)!);
        Assert.Equal(
            [
                "row int64", "é, 木 and more utf8", "i int32", "f float", "d double?", "b bool",
                "scores fixed_size_list[1] of element float?",
                " utf8?", "embedding fixed_size_list[257] of element float?",
            ],
            schema.FieldsList.Select(f => $"{f.Name} {Text(f.DataType)}{(f.IsNullable ? "?" : "")}"));
    }

    [Fact]
    public void Columns_that_Arrow_calls_otherwise_leave_all_to_the_readers() =>
        Assert.Null(ArrowSchema.Of([(new DataField<long>("row"), 1), (new DataField<DateTime>("time"), 1)]));

    private static string Text(IArrowType type) => type is FixedSizeListType list
        ? $"{type.Name}[{list.ListSize}] of {list.ValueField.Name} {list.ValueDataType.Name}" : type.Name;

    private static Schema Read(string value)
    {
        using var reader = new ArrowStreamReader(new MemoryStream(Convert.FromBase64String(value)));
        return reader.Schema;
    }

    private async Task AreFixedAsync()
    {
        Schema schema = Read((await BatchFolder.MetadataAsync(Assert.Single(_folder.Parquets)))["ARROW:schema"]);
        Assert.Equal(["row", "image", "hash", "embedding"], schema.FieldsList.Select(f => f.Name));
        Assert.Equal($"fixed_size_list[{TinyModel.EmbeddingSize}] of element float", Text(schema.FieldsList[3].DataType));
    }
}
