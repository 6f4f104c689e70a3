using System.Collections.Frozen;

namespace Swan.MLNet.Text;

/// <summary>
/// Function words of languages that share English's letters: articles, prepositions, pronouns, forms of "to be" and numbers, without
/// accents and without those that are English words, too.
/// </summary>
/// <remarks>Almost every sentence contains some, so a few hundred words reveal another language, whatever the nouns.</remarks>
internal static class ForeignWords
{
    // Before All, which is made with it.
    private static readonly FrozenSet<string> s_english =
        """
        die plus par sin due come door met son pour mot van war hat man men fur sea i a o e w y z as do no to of or on in an is
        bag pod var hun per are sub fora frente lado ai vol era dos em
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The words, in lower case.</summary>
    public static readonly FrozenSet<string> All =
        """
        der das dem den des ein eine einer einem einen eines und oder aber nicht kein keine keinen keiner mit ohne auf aus bei beim vom von
        vor zu zum zur im ins ist sind waren wird werden wurde hier dort neben hinter unter uber ueber zwischen durch fur fuer gegen nach
        seit sich sie er es wir ihr ihre ihren sein seine einige viele mehrere alle jede jeder dieser diese dieses drei vier funf zwei sehr
        auch nur noch wo wie wenn dass weil um entlang liegt stehen steht befindet gibt man mich dich uns euch haben hatte kann dieser
        le la les un une du de au aux et ou mais pas ne ni avec sans sur sous dans chez vers par pour pres entre contre derriere devant
        est sont etait etaient il ils elle elles nous vous je tu ce cet cette ces son sa ses leur leurs qui que quoi dont tout tous toute
        toutes plusieurs quelques beaucoup tres aussi deux trois quatre cinq ya autour cote dessus dessous milieu ici comme plein pleine
        el los las una unos unas lo al del y o pero ni con en por para segun sobre bajo hacia hasta desde entre tras detras delante
        junto cerca lejos es son esta estan estaba hay fue era eran ella ellos ellas nosotros su sus mi tu este estos estas ese esa esos
        aquel que quien cual donde cuando como muy mucho mucha muchos muchas poco varios varias algunos algunas todo todos todas dos tres
        cuatro cinco se le les nos alrededor lleno llena rodeado rodeada
        il lo gli i uno di da su tra fra per col coi dal dalla dai dalle dallo nel nella nei nelle nello sul sulla sui sulle sullo alla
        allo ai agli alle della dello dei degli delle ed ma non che chi cui dove quando sono era erano ha hanno ci vi si lui lei loro noi
        voi suo sua suoi sue questo questa questi queste quello quella molti molte molto alcuni alcune tutti tutte ogni due tre quattro
        cinque vicino dietro davanti sopra sotto accanto intorno mezzo pieno piena circondato circondata
        o os as um uma uns umas do dos da das no na nos nas ao aos pelo pela pelos pelas num numa com sem em por para ate entre sob sobre
        perto atras frente dentro fora ao lado sao esta estao foi era ha ele ela eles elas nos seu sua seus suas este esta isto esse essa
        aquele que quem onde quando como muito muita muitos muitas varios varias alguns algumas todos todas dois duas tres quatro cinco
        nao e ou mas cheio cheia cercado cercada
        een het de van voor naast achter onder boven tussen met zonder op uit bij naar tot aan om en of maar niet geen er zijn waren wordt
        worden ligt liggen staat staan deze dit die dat hij zij wij jullie hun haar zijn mijn veel enkele meerdere sommige alle elke twee
        drie vier vijf zeer ook nog waar hoe rond langs vol omgeven tegen door midden
        en ett och eller men inte med utan fran till pa av hos vid mellan bakom framfor under ovanfor ar finns den det dem deras manga
        nagra alla tva tre fyra fem som
        et og ikke uden fra til ved mellem bag foran er findes mange nogle alle to mellom mot noen flere
        jest sa nie na w z ze i oraz obok nad pod przed za przy miedzy wiele kilka ktory ktora dwa trzy cztery
        bir ve ile icin uzerinde yaninda arasinda var yok cok
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(word => !IsEnglish(word))
            .ToFrozenSet(StringComparer.Ordinal);

    // What both have says nothing.
    private static bool IsEnglish(string word) => EnglishStopWords.All.Contains(word) || s_english.Contains(word);
}
