using Microsoft.Extensions.VectorData;

namespace Swan.VectorData.Tests;

/// <summary>A record as an application would write it.</summary>
internal sealed class Tile
{
    public const int Dimensions = 4;

    [VectorStoreKey]
    public string Key { get; set; } = "";

    [VectorStoreData]
    public string? Region { get; set; }

    [VectorStoreData(StorageName = "cloud_cover")]
    public int Clouds { get; set; }

    [VectorStoreData]
    public DateTimeOffset? Taken { get; set; }

    [VectorStoreData]
    public bool IsNight { get; set; }

    [VectorStoreVector(Dimensions)]
    public ReadOnlyMemory<float> Embedding { get; set; }

    /// <summary>Nothing that a store has to know.</summary>
    public string Note { get; set; } = "none";

    /// <summary>Five tiles, whose embeddings lie ever further from the first axis.</summary>
    public static Tile[] Five() =>
    [
        new() { Key = "a", Region = "north", Clouds = 10, Taken = Day(1), Embedding = Towards(1f, 0f) },
        new() { Key = "b", Region = "south", Clouds = 0, Taken = Day(2), Embedding = Towards(0.8f, 0.6f) },
        new() { Key = "c", Region = "north", Clouds = 55, Taken = null, IsNight = true, Embedding = Towards(0.6f, 0.8f) },
        new() { Key = "d", Region = null, Clouds = 100, Taken = Day(4), Embedding = Towards(0f, 1f) },
        new() { Key = "e", Region = "north", Clouds = 0, Taken = Day(3), Embedding = Towards(-1f, 0f) },
    ];

    public static DateTimeOffset Day(int day) => new(2025, 6, day, 12, 0, 0, TimeSpan.Zero);

    /// <summary>An embedding in the plane of the first two axes.</summary>
    public static ReadOnlyMemory<float> Towards(float x, float y) => new[] { x, y, 0f, 0f };
}
