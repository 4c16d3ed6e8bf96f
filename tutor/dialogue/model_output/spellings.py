"""How models spell their format: the names inside their marks, and what each of them means.

Gathered from the chat templates that models are published with and from the parsers of engines that read them:
ChatML (Qwen, Yi, LFM), Llama 2 to 4, Mistral and Magistral, Gemma 1 to 4, DeepSeek, Granite, harmony (gpt-oss), Kimi,
Command, EXAONE, Phi, GLM, Apertus, Seed, Solar, Apriel, MiniMax, Falcon, Vicuna, Alpaca. All in small letters.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Final


class Kind(Enum):
    """What a mark says about the text around it."""

    THOUGHT_BEGINS = auto()
    THOUGHT_ENDS = auto()
    TURN_ENDS = auto()
    HEADER = auto()
    TUTOR = auto()
    LEARNER = auto()
    TOOL_BEGINS = auto()
    TOOL_ENDS = auto()
    ANSWER = auto()
    NOTHING = auto()


def _each(kind: Kind, names: str) -> dict[str, Kind]:
    return dict.fromkeys(names.split(), kind)


def _named(names: str) -> frozenset[str]:
    return frozenset(names.split(","))


_THOUGHTS: Final = (
    "think thinking thought thoughts reason reasoning reflection scratchpad inner_monologue internal_monologue "
    "think_fast think_faster seed:think mm:think antthinking longcat_think chain_of_thought cot analysis "
    "reasoning_content thinking_process internal_thoughts"
)

# <name>, </name>, <name …>
TAGS: Final[dict[str, Kind]] = {
    **_each(Kind.THOUGHT_BEGINS, _THOUGHTS),
    **_each(Kind.TURN_ENDS, "eos end_of_turn seed:eos eoa eot end_of_utterance end_of_text endoftext"),
    **_each(Kind.THOUGHT_ENDS, "unused95"),
    **_each(Kind.HEADER, "start_of_turn seed:bos unused94"),
    **_each(
        Kind.TOOL_BEGINS,
        "tool_call tool_calls toolcall function_call function_calls function tool_code tool_response tool_result "
        "tool_results tool_output tools invoke minimax:tool_call seed:tool_call longcat_tool_call start_function_call",
    ),
    **_each(Kind.TOOL_ENDS, "end_function_call"),
    **_each(Kind.ANSWER, "answer response final final_answer output reply assistant_response"),
    **_each(Kind.NOTHING, "bos pad unk sop eop escape"),
}

# <|name|>, <｜name｜>, <|name>, [|name|]; what is not listed is a mark all the same, and means nothing.
SPECIALS: Final[dict[str, Kind]] = {
    **_each(Kind.THOUGHT_BEGINS, "think thinking thought start_thinking begin_of_thought inner_prefix"),
    **_each(Kind.THOUGHT_ENDS, "/think /thinking end_thinking end_of_thought inner_suffix"),
    **_each(Kind.ANSWER, "answer final start_response begin_of_solution answer_prefix final_answer response"),
    **_each(
        Kind.TURN_ENDS,
        "im_end eot_id eom_id eot eom end return call endoftext end_of_text end_of_turn endofturn end_of_turn_token "
        "end_of_sentence end▁of▁sentence assistant_end user_end system_end end_of_message endofmessage stop eos "
        "end_response answer_suffix end_of_solution turn_end",
    ),
    **_each(
        Kind.HEADER,
        "im_start start start_header_id header_start start_of_role role_start begin turn channel "
        "start_of_turn_token im_assistant",
    ),
    **_each(Kind.TUTOR, "assistant chatbot_token model bot ai assistant_start hy_assistant agent"),
    **_each(
        Kind.LEARNER,
        "user human system user_token system_token user_start system_start im_user im_system hy_user hy_system "
        "observation tool developer developer_start ipython environment prompter",
    ),
    **_each(
        Kind.TOOL_BEGINS,
        "python_tag tool_call tool_calls tool_call_start tool_calls_section_begin tool_call_begin start_action "
        "tools_prefix tool▁calls▁begin tool▁call▁begin tool_list_start action_start function_call plugin",
    ),
    **_each(
        Kind.TOOL_ENDS,
        "tool_call_end tool_calls_section_end end_action tools_suffix tool▁calls▁end tool_list_end action_end "
        "/tool_call /tool_calls",
    ),
}

# <name|>, as Gemma 4 closes what <|name> has opened.
CLOSED_SPECIALS: Final[dict[str, Kind]] = {
    "channel": Kind.THOUGHT_ENDS,
    "think": Kind.THOUGHT_ENDS,
    "turn": Kind.TURN_ENDS,
    "tool_call": Kind.TOOL_ENDS,
}

LITERALS: Final[dict[str, Kind]] = {
    "◁think▷": Kind.THOUGHT_BEGINS,
    "◁/think▷": Kind.THOUGHT_ENDS,
    "[THINK]": Kind.THOUGHT_BEGINS,
    "[/THINK]": Kind.THOUGHT_ENDS,
    "[THOUGHT]": Kind.THOUGHT_BEGINS,
    "[/THOUGHT]": Kind.THOUGHT_ENDS,
    "[REASONING]": Kind.THOUGHT_BEGINS,
    "[/REASONING]": Kind.THOUGHT_ENDS,
    "[BEGIN FINAL RESPONSE]": Kind.THOUGHT_ENDS,
    "[END FINAL RESPONSE]": Kind.TURN_ENDS,
    "[EOS]": Kind.TURN_ENDS,
    "[EOT]": Kind.TURN_ENDS,
    "[e~[": Kind.TURN_ENDS,
    "[INST]": Kind.LEARNER,
    "[/INST]": Kind.TUTOR,
    "[SYSTEM_PROMPT]": Kind.LEARNER,
    "[/SYSTEM_PROMPT]": Kind.TUTOR,
    "[TOOL_CALLS]": Kind.TOOL_BEGINS,
    "[TOOL_CALL]": Kind.TOOL_BEGINS,
    "[/TOOL_CALL]": Kind.TOOL_ENDS,
    "[TOOL_RESULTS]": Kind.LEARNER,
    "[AVAILABLE_TOOLS]": Kind.LEARNER,
    "[gMASK]": Kind.NOTHING,
    "<<SYS>>": Kind.LEARNER,
    "<</SYS>>": Kind.NOTHING,
}

# The words after a header's mark: <|im_start|>assistant, <|channel|>analysis.
ROLES: Final[dict[str, Kind]] = {
    **_each(Kind.TUTOR, "assistant model final chatbot gpt bot ai"),
    **_each(Kind.LEARNER, "user human system developer tool ipython function observation environment"),
    **_each(Kind.THOUGHT_BEGINS, "analysis commentary thought thinking reasoning"),
}

# Labels of lines, as models write them that have no marks of their own.
TUTOR_LABELS: Final = _named(
    "assistant,tutor,teacher,ai,bot,chatbot,response,model,ai tutor,language tutor,gpt4 correct assistant,"
    "asistente,assistente,assistent,助手,アシスタント,ассистент"
)
# Words that lines begin with for other reasons too: a label only where nothing stands before them.
FIRST_LABELS: Final = _named("teacher,ai,bot,chatbot,response,model,output,answer")
LEARNER_LABELS: Final = _named(
    "user,learner,student,customer,guest,visitor,tourist,human,gpt4 correct user,cliente,client,kunde,turista,"
    "usuario,usuaria,estudiante,alumno,alumna,aprendiz,utilisateur,apprenant,étudiant,élève,benutzer,nutzer,"
    "schüler,lernender,lernende,utente,studente,usuário,utilizador,estudante,aluno,gebruiker,leerling,"
    "użytkownik,uczeń,пользователь,ученик,студент,користувач,учень,用户,学生,學生,学习者,ユーザー,学習者,生徒,"
    "사용자,학생,학습자,kullanıcı,öğrenci,användare,bruger,uživatel,χρήστης,المستخدم,الطالب"
)
# The same as headings: "### Instruction:".
TUTOR_HEADINGS: Final = _named("response,assistant,tutor,output,answer")
LEARNER_HEADINGS: Final = _named("instruction,input,user,human,learner,student,system")

THOUGHT_OPENINGS: Final = ("here is my thought process:", "here's my thought process:", "here are my reasoning steps:")
THOUGHT_CLOSINGS: Final = ("here is my response:", "here's my response:", "assistantfinal")
