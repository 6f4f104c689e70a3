namespace QuickStart.Scenes;

/// <summary>A kind of place: draws itself with a layout of its own and says what it has drawn.</summary>
internal abstract class Scene
{
    public static readonly Scene[] All =
        [new Airport(), new Port(), new Bridge(), new StorageTanks(), new Farmland(), new Housing(), new Stadium(), new Beach(), new ParkingLot(), new Roundabout(), new Railway(), new Courts()];

    /// <summary>Queries worth asking: written for people, not expanded from a template.</summary>
    public static readonly string[] Queries = ["three white planes parked beside a terminal", "red bridges across a wide river", "umbrellas on a beach and boats on the sea"];

    /// <summary>One lower-case word: files are named by it.</summary>
    public string Name => GetType().Name.ToLowerInvariant();

    /// <summary>Draws and returns caption templates (<see cref="Captions.Grammar"/>) that hold for this very image.</summary>
    public abstract string[] Draw(Pen pen);
}
