using System.Text.Json;

namespace Swan.Training.Commands;

/// <summary>What users call an option's values: the names that JSON uses.</summary>
internal static class CommandNames
{
    public static string Of<T>(T value) where T : struct, Enum => JsonSerializer.SerializeToElement(value).GetString()!;
}
