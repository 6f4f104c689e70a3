namespace SyntheticScenes;

/// <summary>A kind of place: draws itself with a layout of its own and says what it has drawn.</summary>
internal abstract class Scene
{
    public static readonly Scene[] All =
    [
        new Airport { Name = "airport" }, new Port { Name = "port" }, new Bridge { Name = "bridge" },
        new StorageTanks { Name = "storage tanks" },
        new Farmland { Name = "farmland" }, new Housing { Name = "housing" }, new Stadium { Name = "stadium" },
        new Beach { Name = "beach" },
        new ParkingLot { Name = "parking lot" }, new Roundabout { Name = "roundabout" }, new Railway { Name = "railway" },
        new Courts { Name = "sports courts" },
    ];

    /// <summary>Queries as people would put them.</summary>
    public static readonly string[] Queries =
    [
        "two crossing runways and planes", "a roundabout with a fountain", "yellow umbrellas on a beach",
    ];

    /// <summary>Such as "storage tanks".</summary>
    public required string Name { get; init; }

    /// <summary>Draws and returns caption templates (<see cref="Grammar"/>) that hold for this very image.</summary>
    public abstract string[] Draw(Pen pen);
}
