using System.Text.Json;

namespace Swan.Training.Network;

/// <summary>What users call an option's values: the names that JSON, the command line and the model card share.</summary>
internal static class JsonEnumNames
{
    public static string For<T>(T value) where T : struct, Enum => JsonSerializer.SerializeToElement(value).GetString()!;
}
