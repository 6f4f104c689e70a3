using System.Text.Json.Serialization;

namespace Swan.MLNet.Text;

/// <summary>A vocabulary as a JSON array of tokens, without reflection.</summary>
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class TokensJson : JsonSerializerContext;
