namespace Swan.Fuzz;

/// <summary>One way in for bytes from outside.</summary>
public abstract class FuzzTarget
{
    /// <summary>The files that fuzzing begins with.</summary>
    public abstract IEnumerable<(string Name, byte[] Bytes)> Seeds();

    /// <summary>Reads the bytes. Whatever they are, it either works or refuses them with an exception that the API documents.</summary>
    /// <exception cref="Exception">A fault was found.</exception>
    public abstract void Run(byte[] bytes);

    /// <summary>Two results of the same bytes that differ, or one that breaks its promise.</summary>
    protected static InvalidOperationException Broken(string what) => new($"Broken promise: {what}");
}
