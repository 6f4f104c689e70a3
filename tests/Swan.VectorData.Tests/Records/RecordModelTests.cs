using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;

namespace Swan.VectorData.Tests.Records;

public sealed class RecordModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly VectorStore _store;

    public RecordModelTests() => _store = new SwanVectorStore(_folder.File("store"));

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    public static TheoryData<Type, string> UnsupportedData => new()
    {
        { typeof(string[]), "String[]" }, { typeof(List<string>), "List" }, { typeof(Guid), "Guid" }, { typeof(DayOfWeek), "DayOfWeek" },
        { typeof(TimeSpan), "TimeSpan" }, { typeof(char), "Char" }, { typeof(object), "Object" }, { typeof(byte[]), "Byte[]" },
    };

    [Theory, MemberData(nameof(UnsupportedData))]
    public void Data_that_no_column_keeps_is_refused_by_name(Type type, string named)
    {
        var e = Assert.Throws<NotSupportedException>(() => Dynamic(new VectorStoreDataProperty("Tags", type)));
        Assert.Contains("'Tags' is of type", e.Message, StringComparison.Ordinal);
        Assert.Contains(named, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(short))]
    [InlineData(typeof(DateTime))]
    [InlineData(typeof(object))]
    public void Keys_that_no_text_stands_for_are_refused(Type type) => Assert.Contains(
        "'Id' is of type", Assert.Throws<NotSupportedException>(() => Dynamic(key: new VectorStoreKeyProperty("Id", type))).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("In")]
    [InlineData("Größe")]
    public void Names_that_no_column_has_are_refused_until_they_have_a_storage_name(string name)
    {
        var e = Assert.Throws<NotSupportedException>(() => Dynamic(new VectorStoreDataProperty(name, typeof(int))));
        Assert.Contains("Set StorageName to another name.", e.Message, StringComparison.Ordinal);
        Dynamic(new VectorStoreDataProperty(name, typeof(int)) { StorageName = "size" });
    }

    [Theory]
    [InlineData(DistanceFunction.EuclideanDistance)]
    [InlineData(DistanceFunction.ManhattanDistance)]
    [InlineData(DistanceFunction.NegativeDotProductSimilarity)]
    [InlineData("another one")]
    public void Distance_functions_that_are_not_by_direction_are_refused(string function)
    {
        var e = Assert.Throws<NotSupportedException>(() => Dynamic(vector: Vector(function: function)));
        Assert.Contains($"'Embedding' uses the distance function '{function}'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Embeddings_of_other_types_than_float32_are_refused()
    {
        VectorStoreVectorProperty half = Vector();
        half.EmbeddingType = typeof(Embedding<Half>);
        Assert.Throws<NotSupportedException>(() => Dynamic(vector: half));
        Assert.Throws<InvalidOperationException>(() => Dynamic(vector: new VectorStoreVectorProperty("Embedding", typeof(double[]), 4)));
    }

    [Fact]
    public void A_record_has_one_key_and_one_vector()
    {
        Assert.Contains("0 properties with the attribute VectorStoreKey", Refusal<NoKey>().Message, StringComparison.Ordinal);
        Assert.Contains("0 properties with the attribute VectorStoreVector", Refusal<NoVector>().Message, StringComparison.Ordinal);
        var e = Assert.Throws<NotSupportedException>(() => _store.GetCollection<string, TwoVectors>("tiles"));
        Assert.Contains("'First', 'Second'", e.Message, StringComparison.Ordinal);
        Assert.Contains("several of the attributes", Refusal<TwoRoles>().Message, StringComparison.Ordinal);
        Assert.Contains("share the column 'name'", Refusal<OneColumn>().Message, StringComparison.Ordinal);
        Assert.Contains("'Region' can't be set", Refusal<NoSetter>().Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => _store.GetCollection<string, NoConstructor>("tiles"));
    }

    [Fact]
    public void The_type_of_a_collections_keys_is_that_of_the_records()
    {
        var e = Assert.Throws<InvalidOperationException>(() => _store.GetCollection<Guid, Tile>("tiles"));
        Assert.Contains("keys of type Guid, but the record's key 'Key' is of type String", e.Message, StringComparison.Ordinal);
        Assert.Equal("tiles", _store.GetCollection<object, Tile>("tiles").Name);
    }

    [Fact]
    public async Task A_definition_stands_above_attributes_and_describes_classes_without_any()
    {
        VectorStoreCollection<string, Plain> plain = _store.GetCollection<string, Plain>("plain", new()
        {
            Properties =
            [
                new VectorStoreKeyProperty("Id"), new VectorStoreDataProperty("Region") { StorageName = "where" },
                new VectorStoreVectorProperty("Embedding", 4),
            ],
        });
        await plain.EnsureCollectionExistsAsync();
        await plain.UpsertAsync(new Plain { Id = "a", Region = "north", Embedding = [1, 0, 0, 0] });
        Assert.Equal("north", (await plain.GetAsync("a"))!.Region);
        VectorStoreCollection<string, Tile> renamed = _store.GetCollection<string, Tile>("plain", new()
        {
            Properties = [new VectorStoreDataProperty("Region") { StorageName = "where" }],
        });
        Assert.Equal("north", (await renamed.GetAsync("a"))!.Region);
    }

    [Fact]
    public void A_definition_that_the_class_contradicts_is_refused()
    {
        Assert.Contains(
            "Tile has no public property of that name",
            Assert.Throws<InvalidOperationException>(
                () => _store.GetCollection<string, Tile>("tiles", new() { Properties = [new VectorStoreDataProperty("Place")] })).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "'Region' is of type Int32, but it is of type String",
            Assert.Throws<InvalidOperationException>(() => _store.GetCollection<string, Tile>(
                "tiles", new() { Properties = [new VectorStoreDataProperty("Region", typeof(int))] })).Message,
            StringComparison.Ordinal);
    }

    private InvalidOperationException Refusal<TRecord>() where TRecord : class =>
        Assert.Throws<InvalidOperationException>(() => _store.GetCollection<string, TRecord>("tiles"));

    private static VectorStoreVectorProperty Vector(string? function = null) =>
        new("Embedding", typeof(float[]), 4) { DistanceFunction = function };

    private void Dynamic(VectorStoreProperty? data = null, VectorStoreKeyProperty? key = null, VectorStoreVectorProperty? vector = null)
    {
        List<VectorStoreProperty> properties = [key ?? new VectorStoreKeyProperty("Id", typeof(string)), vector ?? Vector()];
        if (data is not null) properties.Add(data);
        Assert.NotNull(_store.GetDynamicCollection("tiles", new() { Properties = properties }));
    }

    private sealed class Plain
    {
        public string Id { get; set; } = "";

        public string? Region { get; set; }

        public float[]? Embedding { get; set; }
    }

    private sealed class NoKey
    {
        [VectorStoreVector(4)]
        public float[]? Embedding { get; set; }
    }

    private sealed class NoVector
    {
        [VectorStoreKey]
        public string Id { get; set; } = "";
    }

    private sealed class TwoVectors
    {
        [VectorStoreKey]
        public string Id { get; set; } = "";

        [VectorStoreVector(4)]
        public float[]? First { get; set; }

        [VectorStoreVector(4)]
        public float[]? Second { get; set; }
    }

    private sealed class TwoRoles
    {
        [VectorStoreKey, VectorStoreData]
        public string Id { get; set; } = "";
    }

    private sealed class OneColumn
    {
        [VectorStoreKey]
        public string Id { get; set; } = "";

        [VectorStoreData(StorageName = "name")]
        public string? First { get; set; }

        [VectorStoreData(StorageName = "name")]
        public string? Second { get; set; }

        [VectorStoreVector(4)]
        public float[]? Embedding { get; set; }
    }

    private sealed class NoSetter
    {
        [VectorStoreKey]
        public string Id { get; set; } = "";

        [VectorStoreData]
        public string Region => "north";

        [VectorStoreVector(4)]
        public float[]? Embedding { get; set; }
    }

    private sealed class NoConstructor(string id)
    {
        [VectorStoreKey]
        public string Id { get; set; } = id;

        [VectorStoreVector(4)]
        public float[]? Embedding { get; set; }
    }
}
