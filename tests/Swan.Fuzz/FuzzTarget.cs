namespace Swan.Fuzz;

/// <summary>One way in for bytes from outside.</summary>
public abstract class FuzzTarget
{
    /// <summary>Every target, by the name that <c>build/fuzz</c> takes.</summary>
    public static IReadOnlyDictionary<string, FuzzTarget> All { get; } = new FuzzTarget[]
    {
        new TiffTarget(), new ImageTarget(), new ModelTarget(), new IndexTarget(), new PipelineTarget(), new CaptionTarget(),
    }.ToDictionary(target => target.Name, StringComparer.Ordinal);

    /// <summary>What <c>build/fuzz</c> calls it, and its folder in Corpora.</summary>
    public abstract string Name { get; }

    /// <summary>The files that fuzzing begins with.</summary>
    public abstract IEnumerable<(string Name, byte[] Bytes)> Seeds();

    /// <summary>Reads the bytes. Whatever they are, it either works or refuses them with an exception that the API documents.</summary>
    /// <exception cref="Exception">A fault was found.</exception>
    public abstract void Run(byte[] bytes);

    /// <summary>Two results of the same bytes that differ, or one that breaks its promise.</summary>
    protected static InvalidOperationException Broken(string what) => new($"Broken promise: {what}");
}
