namespace Swan.Architecture.Tests;

/// <summary>Says everything that was found; a collection's own assertion shows the first items only.</summary>
internal static class Findings
{
    public static void AssertNone(IEnumerable<string> findings)
    {
        string[] found = [.. findings];
        Assert.True(found.Length == 0, $"{found.Length} found:\n{string.Join('\n', found)}");
    }
}
