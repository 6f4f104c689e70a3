using System.Text.Json.Serialization;

namespace Swan.MLNet.ModelFiles;

/// <summary>How a caption becomes token ids.</summary>
/// <param name="Contract">The tokenizer's contract, such as <c>swan-text-1</c>.</param>
/// <param name="MaxLength">The most tokens that a caption keeps.</param>
/// <param name="VocabularySize">Ids are below this.</param>
/// <param name="Padding">How padding counts.</param>
/// <param name="PaddedLength">The length N of <see cref="SwanPadding.Fixed"/>; 0 for <see cref="SwanPadding.Masked"/>.</param>
public sealed record TextContract(
    string Contract,
    [property: JsonPropertyName("maximumLength")] int MaxLength,
    int VocabularySize,
    SwanPadding Padding = SwanPadding.Masked,
    int PaddedLength = 0);
